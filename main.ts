import { InputError, messageOf } from "./lib/model/errors.ts";
import { runCommandLine } from "./lib/cli/run.ts";
import { readConfigFile } from "./lib/cli/config_file.ts";

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

if (import.meta.main) {
  const code = await runCommandLine(Deno.args, {
    env,
    readFile,
    readConfig: (path) => readConfigFile(path, readFile(path)),
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
  });
  Deno.exit(code);
}
