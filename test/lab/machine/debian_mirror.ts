import { StateError } from "../../../lib/model/errors.ts";
import { runProgram } from "../run_program.ts";

/** Address of the Debian archive that this machine itself installs from. @throws {StateError} when it has none. */
export async function debianMirror(): Promise<string> {
  const format = "$(ORIGIN)\t$(LABEL)\t$(REPO_URI)";
  const targets = await runProgram([
    "apt-get",
    "indextargets",
    "--format",
    format,
    "Created-By: Packages",
  ]);
  const address = mirrorAmong(targets);
  if (address === undefined) {
    throw new StateError(
      "Cannot find a Debian archive among this machine's apt sources; is it Debian? run apt-get update",
    );
  }
  return address;
}

/** The archive proper among lines of origin, label and address; security and third-party archives are passed over. */
export function mirrorAmong(targets: string): string | undefined {
  const found = targets.split("\n").map((line) => line.split("\t"))
    .find(([origin, label]) => origin === "Debian" && label === "Debian");
  return found?.[2];
}
