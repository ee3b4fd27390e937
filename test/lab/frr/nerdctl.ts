import { tryProgram } from "../run_program.ts";
import { LAB_DIR } from "../machine/project_root.ts";

/** Where `deno task nerdctl` puts nerdctl, which is in no Debian release. */
export const NERDCTL: string = `${LAB_DIR}/nerdctl/nerdctl`;

const MODULE = "github.com/containerd/nerdctl/v2";
const VERSION = "v2.0.5";

/**
 * Builds nerdctl with the Go on this machine, in some minutes. As a part of a module of its own: `go install` asks for the
 * list of versions too, which some module proxies do not have.
 * @throws {Error} with what Go said.
 */
export async function buildNerdctl(): Promise<void> {
  const folder = `${LAB_DIR}/nerdctl.unfinished`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/go.mod`,
    `module lab\n\ngo 1.23\n\nrequire ${MODULE} ${VERSION}\n`,
  );
  const command = `${MODULE}/cmd/nerdctl`;
  await Deno.writeTextFile(
    `${folder}/lab.go`,
    `//go:build tools\n\npackage lab\n\nimport _ "${command}"\n`,
  );
  const env = { GOFLAGS: "-buildvcs=false -mod=mod", GOSUMDB: "off", CGO_ENABLED: "0" };
  const argv = ["go", "build", "-o", `${folder}/nerdctl`, command];
  const { code, stderr } = await tryProgram(argv, { cwd: folder, env, deadlineS: 1800 });
  if (code !== 0) throw new Error(`Go cannot build ${command}@${VERSION}: ${stderr.trim()}`);
  await Deno.remove(`${LAB_DIR}/nerdctl`, { recursive: true }).catch(() => {});
  await Deno.rename(folder, `${LAB_DIR}/nerdctl`);
}

/** Whether it was built. */
export async function hasNerdctl(): Promise<boolean> {
  return await Deno.stat(NERDCTL).then(() => true, () => false);
}
