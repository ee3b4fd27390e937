import { denoFlags, PROGRAM_PATH, roleOf, ROLES } from "../permissions.ts";
import runText from "./run.sh" with { type: "text" };
import stubText from "./stub.sh" with { type: "text" };
import { addonPackage } from "./program_files.ts";

/** What the stub must know about the archive behind it. */
export interface ArchiveFacts {
  readonly version: string;
  /** Name of the folder to unpack into; changes with the content. */
  readonly key: string;
  /** Offset and length of the packed files in the archive. */
  readonly dataAt: number;
  readonly dataBytes: number;
}

/** The shell script in front of the archive. */
export function stubScript(facts: ArchiveFacts): string {
  const fill = (archiveAt: number) =>
    filled(`${stubText}\n${runScript()}`, {
      VERSION: facts.version,
      KEY: facts.key,
      // `tail -c +N` counts from 1.
      ARCHIVE_AT: String(archiveAt + 1).padStart(6, "0"),
      DATA_AT: String(facts.dataAt + 1),
      DATA_BYTES: String(facts.dataBytes),
    });
  // The script holds its own length, in a fixed number of digits.
  return fill(new TextEncoder().encode(fill(0)).length);
}

/** The part that runs the program in `$dir` with the permissions of the command. */
export function runScript(): string {
  return filled(runText, { PROGRAM_PATH, CASES: roleCases() });
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
  return text.replaceAll(/@([A-Z_]+)@/g, (mark, name) => values[name] ?? mark);
}
