import type { Exec } from "./exec.ts";

/** Whether the kernel can make VRF devices, tried in a network namespace of its own. */
export async function probeVrf(exec: Exec): Promise<boolean> {
  const argv = ["unshare", "--net", "ip", "link", "add", "probe0", "type", "vrf", "table", "1"];
  return (await exec.run(argv, { timeoutMs: 60_000 })).code === 0;
}
