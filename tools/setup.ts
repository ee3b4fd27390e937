import { StateError } from "../lib/model/errors.ts";
import { tryProgram } from "../test/lab/run_program.ts";

/** Tells the user one line. */
export type Say = (line: string) => void;

/** Makes apt-get neither ask nor open a dialog. */
const QUIET = { DEBIAN_FRONTEND: "noninteractive", DEBIAN_PRIORITY: "critical" };

/** Seconds that downloads may take. */
const DEADLINE_S = 600;

/**
 * Sees to it that Debian packages are installed: as root installs the missing ones after telling so, otherwise names them.
 * No service is started by it. Quick when nothing is missing.
 * @throws {StateError} naming what is missing, when it cannot be installed.
 */
export async function ensurePackages(packages: readonly string[], say: Say): Promise<void> {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(" ")}`;
  if (Deno.uid() !== 0) {
    throw new StateError(
      `Missing Debian packages: ${missing.join(", ")}; install them as root: ${command}`,
    );
  }
  say(`installing Debian packages: ${missing.join(" ")}`);
  const started = performance.now();
  await install(missing);
  const still = await missingPackages(missing);
  if (still.length > 0) {
    throw new StateError(`Debian packages are still missing: ${still.join(", ")}; try: ${command}`);
  }
  say(`installed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** Those of `packages` that are not installed. */
export async function missingPackages(packages: readonly string[]): Promise<string[]> {
  const format = "${Package} ${db:Status-Abbrev}\\n";
  const query = ["dpkg-query", "--show", `--showformat=${format}`, ...packages];
  // Exit code 1 means that some are unknown to dpkg; those are simply not in the answer.
  const { code, stdout, stderr } = await tryProgram(query);
  if (code > 1) {
    const need = `this machine needs the programs of the Debian packages ${packages.join(", ")}`;
    throw new StateError(`Cannot ask dpkg what is installed (${stderr.trim()}); ${need}`);
  }
  const installed = new Set(
    stdout.split("\n").filter((line) => /^\S+ ii/.test(line)).map((line) => line.split(" ")[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/**
 * Installs with the package lists that are there and, when that fails, with new ones. Debian's invoke-rc.d asks policy-rc.d before
 * it starts a service (exit 101: not allowed), so that nothing installed for the lab begins to run on the machine itself. A
 * policy that the machine already has is left alone, one that an earlier, killed run left is taken over, and the shell
 * removes it however it ends.
 */
const INSTALL = `
mark="made by the setup of meshover, safe to remove"
policy=/usr/sbin/policy-rc.d
# One at a time: apt-get does not wait for another one.
exec 9</var/lib/dpkg
flock 9
if [ ! -e $policy ] || grep -qs "$mark" $policy; then
  trap 'rm -f $policy' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" > $policy
  chmod 755 $policy
fi
try() { apt-get install --yes --quiet --no-install-recommends "$@"; }
try "$@" || { apt-get update --quiet && try "$@"; }
`;

async function install(packages: readonly string[]): Promise<void> {
  const command = ["sh", "-c", INSTALL, "install", ...packages];
  const { code, stderr } = await tryProgram(command, { env: QUIET, deadlineS: DEADLINE_S });
  if (code === 0) return;
  const errors = new Set(stderr.split("\n").filter((line) => /^[EW]: /.test(line)));
  const why = [...errors].slice(-3).join(" ") || `exit ${code}`;
  throw new StateError(`Cannot install ${packages.join(", ")}: ${why}`);
}
