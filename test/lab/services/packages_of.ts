import { StateError } from "../../../lib/model/errors.ts";
import { PROJECT_ROOT } from "../machine/project_root.ts";
import { runProgram } from "../run_program.ts";

/** A package in a folder that the machines see. */
export interface PackageFile {
  readonly folder: string;
  readonly file: string;
}

/**
 * Puts the package that was made last into `folder`.
 * @throws {StateError} when none was made.
 */
export async function packagesOf(folder: string): Promise<PackageFile> {
  const dist = `${PROJECT_ROOT}/dist`;
  const made = await Array.fromAsync(Deno.readDir(dist)).catch(() => []);
  const file = made.find(({ name }) => /^meshover_.*\.deb$/.test(name))?.name;
  if (file === undefined) {
    throw new StateError(
      `Cannot try the package: there is none in dist/; run "deno task deb" first`,
    );
  }
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(`${dist}/${file}`, `${folder}/${file}`);
  return { folder, file };
}

/** Makes a package of a later version with the same content beside it, and returns its name. */
export async function newerPackage({ folder, file }: PackageFile): Promise<string> {
  const newer = file.replace(/_[^_]+_/, "_99.0.0_");
  const tree = await Deno.makeTempDir({ prefix: "meshover-newer-" });
  try {
    await runProgram(["dpkg-deb", "--raw-extract", `${folder}/${file}`, tree]);
    await runProgram(["sed", "-i", "s/^Version:.*/Version: 99.0.0/", `${tree}/DEBIAN/control`]);
    const out = `${folder}/${newer}`;
    const build = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, out];
    await runProgram(build, { deadlineS: 120 });
    return newer;
  } finally {
    await runProgram(["rm", "-rf", tree]);
  }
}
