import type { Command } from "./command.ts";
import { variableOf } from "./parse.ts";

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** The text of `meshover --help`. */
export function overview(
  commands: readonly { readonly name: string; readonly summary: string }[],
): string {
  return [
    "meshover: one routed network over any set of Linux machines",
    "",
    "Usage: meshover COMMAND [flags]",
    "",
    ...aligned(commands.map((c) => [c.name, c.summary] as const)),
    "",
    "Every flag is also an environment variable (--wg-port is MESHOVER_WG_PORT) and a key of the YAML file given with --config.",
    'Flags of a command: "meshover COMMAND --help".',
  ].join("\n");
}

/** The text of `meshover COMMAND --help`. */
export function commandHelp(command: Command): string {
  const rows: (readonly [string, string])[] = [];
  for (const [name, flag] of Object.entries(command.flags)) {
    rows.push([
      flag.isSwitch ? `--${name}` : `--${name} ${flag.placeholder ?? "VALUE"}`,
      flag.summary,
    ]);
    if (flag.isSecret) {
      rows.push([`--${name}-file FILE`, `the same, read from a file (or ${variableOf(name)})`]);
    }
  }
  rows.push(["--config FILE", "YAML file with flags as keys"], ["--help", "this text"]);
  return [
    `Usage: meshover ${[command.name, ...(command.args ?? [])].join(" ")} [flags]`,
    "",
    command.summary,
    "",
    ...aligned(rows),
  ].join("\n");
}
