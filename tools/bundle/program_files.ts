import { StateError } from "../../lib/model/errors.ts";
import { PROJECT_ROOT } from "../../test/lab/machine/project_root.ts";
import { lazyRequire } from "./lazy_require.ts";
import { runProgram } from "../../test/lab/run_program.ts";

/** Puts the runtime into `folder`: Deno itself and the database addon, which hardly ever change. */
export async function runtimeFiles(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/node_modules/@libsql`, { recursive: true });
  await Deno.copyFile(Deno.execPath(), `${folder}/deno`);
  await Deno.chmod(`${folder}/deno`, 0o755);
  // The cache's folder is named after the version; the runtime looks for the package's name.
  const addon = `${folder}/node_modules/@libsql/${addonPackage()}`;
  await runProgram(["cp", "--recursive", "--dereference", "-T", await addonFolder(), addon]);
}

/** Name of the addon's package for this machine. */
export function addonPackage(): string {
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  return `linux-${arch}-gnu`;
}

/** Where Deno keeps the addon that `libsql` brings along; asked of Deno, which knows how its cache is laid out. */
async function addonFolder(): Promise<string> {
  const specifier = `@libsql/${addonPackage()}`;
  const script = `import { createRequire } from "node:module";
    const of = createRequire(import.meta.resolve("libsql"));
    console.log(of.resolve(${JSON.stringify(`${specifier}/package.json`)}));`;
  const temporary = `${PROJECT_ROOT}/.lab/addon_folder.ts`;
  await Deno.mkdir(`${PROJECT_ROOT}/.lab`, { recursive: true });
  await Deno.writeTextFile(temporary, script);
  try {
    const args = ["run", "--quiet", "--allow-read", "--allow-env", temporary];
    const path = (await runProgram([Deno.execPath(), ...args], { cwd: PROJECT_ROOT })).trim();
    return path.replace(/\/package\.json$/, "");
  } catch (error) {
    throw new StateError(
      `Cannot find the database addon ${specifier}: ${
        error instanceof Error ? error.message : error
      }`,
    );
  } finally {
    await Deno.remove(temporary);
  }
}

/** Puts the program into `folder`: main.ts and all that it imports, in pieces that are loaded when they are needed. */
export async function appFiles(folder: string): Promise<void> {
  const bundle = [
    "bundle",
    "--quiet",
    "--platform=deno",
    "--code-splitting",
    "--minify",
  ];
  await runProgram([Deno.execPath(), ...bundle, "--outdir", `${folder}/app`, "main.ts"], {
    cwd: PROJECT_ROOT,
    deadlineS: 180,
  });
  await startFaster(`${folder}/app`);
}

async function startFaster(folder: string): Promise<void> {
  let found = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const { text, changes } = lazyRequire(await Deno.readTextFile(`${folder}/${name}`));
    if (changes > 0) await Deno.writeTextFile(`${folder}/${name}`, text);
    found += changes;
  }
  if (found !== 1) {
    throw new StateError(
      `The start of the bundle cannot be made faster: "createRequire" stands ${found} times in it, expected once`,
    );
  }
}
