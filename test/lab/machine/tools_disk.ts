import { runProgram } from "../run_program.ts";
import { contentKey } from "./content_key.ts";
import { diskFrom } from "./disk_from.ts";
import { madeOnce } from "./made_once.ts";
import { PROJECT_ROOT } from "./project_root.ts";

/**
 * A disk with this very Deno and a cache of the project's npm packages, so that everything runs in the machine without a
 * network. Made anew when Deno or the lock file is another.
 */
export async function toolsDisk(
  options: { readonly say: (line: string) => void },
): Promise<string> {
  const deno = Deno.execPath();
  const size = (await Deno.stat(deno)).size;
  const lock = await Deno.readTextFile(`${PROJECT_ROOT}/deno.lock`);
  const { imports } = JSON.parse(await Deno.readTextFile(`${PROJECT_ROOT}/deno.json`));
  const folder = await madeOnce({
    kind: "tools",
    key: await contentKey([2, Deno.version.deno, size, lock, imports]),
    make: async (unfinished) => {
      options.say("making the disk with Deno and the npm packages");
      const tree = `${unfinished}/tree`;
      await Deno.mkdir(`${tree}/bin`, { recursive: true });
      await Deno.copyFile(deno, `${tree}/bin/deno`);
      await Deno.chmod(`${tree}/bin/deno`, 0o755);
      const env = { DENO_DIR: `${tree}/deno_dir`, NO_COLOR: "1" };
      await runProgram([deno, "install", "--quiet"], { cwd: PROJECT_ROOT, env, deadlineS: 180 });
      await diskFrom(tree, { disk: `${unfinished}/tools.img`, label: "tools", mebibytes: 1024 });
      await Deno.remove(tree, { recursive: true });
    },
  });
  return `${folder}/tools.img`;
}
