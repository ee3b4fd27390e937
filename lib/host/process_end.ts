import type { Exec } from "./exec.ts";

/** A process that ended sooner than this was not waited for: tail of busybox knows no --pid. Milliseconds. */
const AT_ONCE_MS = 200;

/**
 * Waits until the process that wrote `pidFile` ends, or `signal` aborts. Returns false when that cannot be waited for: nobody
 * wrote the file, the process is long gone, or tail is none of GNU's.
 */
export async function untilProcessEnds(
  exec: Exec,
  options: { readonly pidFile: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const read = await exec.run(["cat", options.pidFile]);
  const pid = read.stdout.trim();
  if (read.code !== 0 || !/^[1-9][0-9]*$/.test(pid)) return false;
  const started = performance.now();
  // tail looks twice a second whether the process is there; that costs less than a program started as often from here.
  const argv = ["tail", `--pid=${pid}`, "-s", "0.5", "-f", "/dev/null"];
  await exec.watch(argv, { onLine: () => {}, signal: options.signal });
  return performance.now() - started >= AT_ONCE_MS;
}
