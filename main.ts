import { InputError, messageOf } from "./lib/model/errors.ts";
import { runCommandLine } from "./lib/cli/run.ts";

function readFile(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw new InputError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}

function env(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** The YAML library takes a third of the start-up time, so it is loaded only where a file may be read. */
async function configReader(): Promise<(path: string) => Readonly<Record<string, unknown>>> {
  const mayRead = env("MESHOVER_CONFIG") !== undefined ||
    Deno.args.some((word) => /^--?config(=|$)/.test(word));
  if (!mayRead) return () => ({});
  const { readConfigFile } = await import("./lib/cli/config_file.ts");
  return (path) => readConfigFile(path, readFile(path));
}

if (import.meta.main) {
  const code = await runCommandLine(Deno.args, {
    env,
    readFile,
    readConfig: await configReader(),
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
  });
  Deno.exit(code);
}
