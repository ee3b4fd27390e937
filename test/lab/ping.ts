import type { LabHost } from "./lab_host.ts";

/** Sends one echo request and returns the round-trip time in milliseconds, `undefined` without an answer. */
export async function ping(
  from: LabHost,
  address: string,
  options: { readonly waitS?: number } = {},
): Promise<number | undefined> {
  const wait = String(options.waitS ?? 1);
  const { code, stdout } = await from.tryExec(["ping", "-n", "-c", "1", "-W", wait, address]);
  const time = /time=([0-9.]+) ms/.exec(stdout)?.[1];
  return code === 0 && time !== undefined ? Number(time) : undefined;
}
