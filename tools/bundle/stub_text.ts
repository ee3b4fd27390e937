import { CONTROLLER_V8_FLAGS, denoFlags, PROGRAM_PATH, roleOf, ROLES } from "../permissions.ts";
import runText from "./run.sh" with { type: "text" };
import stubText from "./stub.sh" with { type: "text" };
import { addonPackage } from "./program_files.ts";

/** A Debian archive behind the script, and the packed files within it. Offsets count from 0. */
export interface PartFacts {
  readonly bytes: number;
  readonly dataAt: number;
  readonly dataBytes: number;
}

/** What the stub must know about what is behind it. */
export interface BundleFacts {
  readonly version: string;
  /** Name of the folder to unpack into; changes with the content. */
  readonly key: string;
  readonly parts: readonly PartFacts[];
}

/** The shell script in front of the archives. */
export function stubScript(facts: BundleFacts): string {
  const fill = (length: number) =>
    filled(`${stubText}\n${runScript()}`, {
      VERSION: facts.version,
      KEY: facts.key,
      PARTS: partCalls(facts.parts, length),
    });
  // The script holds its own length; all its numbers have a fixed number of digits.
  return fill(new TextEncoder().encode(fill(0)).length);
}

function partCalls(parts: readonly PartFacts[], length: number): string {
  let at = length;
  const lines = parts.map((part) => {
    // `tail -c +N` counts from 1.
    const numbers = [at + 1, part.bytes, at + part.dataAt + 1, part.dataBytes];
    at += part.bytes;
    return `  unpack_part ${numbers.map((n) => String(n).padStart(9)).join(" ")}`;
  });
  return lines.join("\n");
}

/** The part that runs the program in `$dir` with the permissions of the command. */
export function runScript(): string {
  return filled(runText, {
    PROGRAM_PATH,
    CASES: roleCases(),
    V8_FLAGS: CONTROLLER_V8_FLAGS.join(","),
  });
}

function roleCases(): string {
  const addon = `$dir/node_modules/@libsql/${addonPackage()}/index.node`;
  const branch = (pattern: string, name: string) => {
    const flags = denoFlags(roleOf(name).permissions, addon).map((flag) => `"${flag}"`).join(" ");
    return `${pattern}) set -- ${flags} "$dir/app/main.js" "$@" ;;`;
  };
  const named = ROLES.filter((role) => role.name !== "client").map((role) =>
    branch(role.words.map((word) => word === "" ? '""' : word).join(" | "), role.words[0]!)
  );
  return [...named, branch("*", "node")].join("\n");
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/@([A-Z0-9_]+)@/g, (mark, name) => values[name] ?? mark);
}
