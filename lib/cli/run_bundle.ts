import { makeReport } from "../agent/report.ts";
import { SystemExec } from "../host/exec.ts";
import { messageOf, StateError } from "../model/errors.ts";
import { type DoctorFlagValues, examineWith } from "./run_doctor.ts";

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true, mode: 0o600 });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new StateError(`Cannot write ${path}: it exists; name another file or delete it`);
    }
    throw new StateError(`Cannot write ${path}: ${messageOf(error)}`);
  }
}

/** Runs `meshover bundle FILE` (`-` for standard output) and returns its exit code. */
export async function runBundle(
  flags: DoctorFlagValues & { readonly password: string | undefined },
  more: { readonly file: string; readonly print: (line: string) => void },
): Promise<number> {
  const given = new Map<string, string>();
  if (flags.password !== undefined) given.set(flags.password, "password");
  const report = await makeReport({
    exec: new SystemExec(),
    stateDir: flags.statedir,
    checks: await examineWith(flags),
    given,
    now: new Date(),
  });
  if (more.file === "-") {
    more.print(report);
    return 0;
  }
  await writeNew(more.file, report);
  more.print(
    `${more.file}: secrets were taken out; names, addresses and routes are still in it, so read it first`,
  );
  return 0;
}
