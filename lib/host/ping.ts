import type { IpAddress } from "../model/address.ts";
import type { Exec } from "./exec.ts";

/**
 * The shortest of three round trips to an address, milliseconds; undefined when nothing comes back. The shortest, because
 * the others measure how busy the machines are.
 */
export async function measureRtt(exec: Exec, address: IpAddress): Promise<number | undefined> {
  const argv = ["ping", "-n", "-q", "-c", "3", "-i", "0.2", "-W", "1", address];
  const { stdout } = await exec.run(argv);
  const shortest = /= ([0-9.]+)\//.exec(stdout)?.[1];
  return shortest === undefined ? undefined : Number(shortest);
}
