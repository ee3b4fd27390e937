import { COMMANDS } from "../../lib/cli/commands.ts";
import { commandWords } from "../../lib/cli/completion/command_words.ts";
import { completionScript } from "../../lib/cli/completion/completion_script.ts";
import { PROJECT_ROOT } from "../../test/lab/machine/project_root.ts";
import { runProgram } from "../../test/lab/run_program.ts";
import { appFiles, runtimeFiles } from "../bundle/program_files.ts";
import { runScript } from "../bundle/stub_text.ts";
import { manPage } from "./man_page.ts";

/** The program as it is installed: unpacked, so that it writes nothing when it starts. */
const LAUNCHER = `#!/bin/sh
dir=/usr/lib/meshover
cache=/var/cache/meshover
`;

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
  await Deno.chmod(path, mode);
}

async function gzipped(path: string, text: string): Promise<void> {
  await write(path, text);
  // Without a name and date the same text gives the same bytes.
  await runProgram(["gzip", "-9", "--no-name", "--force", path]);
}

async function documentation(share: string, version: string): Promise<void> {
  const commands = await Promise.all(COMMANDS.map(async ({ load, summary }) => {
    return { ...commandWords((await load()).default), summary };
  }));
  await gzipped(`${share}/man/man1/meshover.1`, manPage(version, commands));
  await write(
    `${share}/bash-completion/completions/meshover`,
    completionScript("bash", commands),
  );
  await write(`${share}/zsh/vendor-completions/_meshover`, completionScript("zsh", commands));
  await write(
    `${share}/fish/vendor_completions.d/meshover.fish`,
    completionScript("fish", commands),
  );
}

/** Fills `root` with everything that a machine gets, at the paths where it gets it. */
export async function packageTree(root: string, version: string): Promise<void> {
  const lib = `${root}/usr/lib/meshover`;
  await Deno.mkdir(lib, { recursive: true });
  await runtimeFiles(lib);
  await appFiles(lib);
  await write(`${root}/usr/bin/meshover`, LAUNCHER + runScript(), 0o755);
  await documentation(`${root}/usr/share`, version);
  const copy = async (from: string, to: string) =>
    await write(`${root}${to}`, await Deno.readTextFile(`${PROJECT_ROOT}/${from}`));
  for (const role of ["agent", "controller"]) {
    const unit = `meshover-${role}.service`;
    await copy(`systemd/${unit}`, `/usr/lib/systemd/system/${unit}`);
  }
  await copy("conf/controller.yaml", "/etc/meshover/controller.yaml");
  await copy("LICENSE", "/usr/share/doc/meshover/copyright");
  const examples = "/usr/share/doc/meshover/examples";
  for (const name of await names("conf")) await copy(`conf/${name}`, `${examples}/${name}`);
  for (const name of await names("systemd/examples")) {
    await copy(`systemd/examples/${name}`, `${examples}/${name}`);
  }
}

async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${PROJECT_ROOT}/${folder}`));
  return entries.filter((entry) => entry.isFile).map((entry) => entry.name).toSorted();
}
