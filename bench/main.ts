import { messageOf } from "../lib/model/errors.ts";

/** The file of a group of figures is named after it. */
const GROUP_FILE = /^([a-z]+)\.ts$/;

/** A file `bench/GROUP.ts`. */
interface BenchGroup {
  /** Measures and prints every figure of the group. */
  readonly bench: () => Promise<void>;
}

/** Names of the groups that there are. */
async function groups(): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(new URL(".", import.meta.url)));
  const others = ["main", "figure"];
  return files.flatMap(({ name }) => GROUP_FILE.exec(name)?.[1] ?? [])
    .filter((name) => !others.includes(name)).toSorted();
}

async function main(names: readonly string[]): Promise<number> {
  const known = await groups();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0 || names.length === 0) {
    console.error(`bench: expected one or more of ${known.join(", ")}: deno task bench GROUP…`);
    return 2;
  }
  let code = 0;
  for (const name of names) {
    try {
      // Loaded only when asked for: the groups need different programs and packages.
      const group: BenchGroup = await import(`./${name}.ts`);
      await group.bench();
    } catch (error) {
      console.error(`bench ${name}: ${messageOf(error)}`);
      code = 1;
    }
  }
  return code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
