/** Share of the processors' time in which they did nothing, 0 to 1, over so many milliseconds from now (proc(5), /proc/stat). */
export async function idleShare(ms: number): Promise<number> {
  const before = idleIn(await Deno.readTextFile("/proc/stat"));
  await new Promise((resolve) => setTimeout(resolve, ms));
  const after = idleIn(await Deno.readTextFile("/proc/stat"));
  const all = after.all - before.all;
  return all === 0 ? 0 : (after.idle - before.idle) / all;
}

/** Time since the machine was started, in the kernel's ticks: that without work, waiting for disks or not, and all of it. */
export function idleIn(stat: string): { readonly idle: number; readonly all: number } {
  const [, ...times] = stat.split("\n", 1)[0]!.split(/\s+/);
  // The last two are the guests', which are in the first two already.
  const counted = times.slice(0, 8).map(Number);
  return {
    idle: (counted[3] ?? 0) + (counted[4] ?? 0),
    all: counted.reduce((sum, ticks) => sum + ticks, 0),
  };
}
