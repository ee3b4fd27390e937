import { type CpuInfo, cpus } from "node:os";

/** Share of the processors' time in which they did nothing, 0 to 1, over so many milliseconds from now. */
export async function idleShare(ms: number): Promise<number> {
  const before = cpus();
  await new Promise((resolve) => setTimeout(resolve, ms));
  return idleBetween(before, cpus());
}

/** The same between two readings. */
export function idleBetween(before: readonly CpuInfo[], after: readonly CpuInfo[]): number {
  const [first, second] = [timesOf(before), timesOf(after)];
  const all = second.all - first.all;
  return all === 0 ? 0 : (second.idle - first.idle) / all;
}

function timesOf(infos: readonly CpuInfo[]): { readonly idle: number; readonly all: number } {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  return {
    idle: sum(infos.map(({ times }) => times.idle)),
    all: sum(infos.flatMap(({ times }) => Object.values(times))),
  };
}
