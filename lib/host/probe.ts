import type { Capabilities } from "../plan/choose_parts.ts";
import type { Exec } from "./exec.ts";

const DEVICES: Readonly<Record<string, string>> = {
  wireguard: "type wireguard",
  gre: "type gre local 192.0.2.1 remote 192.0.2.2",
  vxlan: "type vxlan id 1 local 192.0.2.1 remote 192.0.2.2 dstport 12913",
  dummy: "type dummy",
  ifb: "type ifb",
};

/**
 * Tries each kind of device in a network namespace of its own, which ends with the command: the only sure test, as
 * kinds may be built in, loaded on demand, or forbidden, and nothing of it is seen on the host.
 */
export async function probeCapabilities(exec: Exec): Promise<Capabilities> {
  const can = async (kind: string) => {
    const argv = ["unshare", "--net", "ip", "link", "add", "probe0", ...DEVICES[kind]!.split(" ")];
    // Loading a module can take long on a busy machine.
    return (await exec.run(argv, { timeoutMs: 60_000 })).code === 0;
  };
  const [wireguard, gre, vxlan, dummy, ifb] = await Promise.all(
    ["wireguard", "gre", "vxlan", "dummy", "ifb"].map(can),
  );
  return {
    wireguard: wireguard!,
    wireguardGo: await hasWireguardGo(exec),
    gre: gre!,
    vxlan: vxlan!,
    dummy: dummy!,
    ifb: ifb!,
  };
}

async function hasWireguardGo(exec: Exec): Promise<boolean> {
  try {
    return (await exec.run(["wireguard-go", "--version"])).code === 0;
  } catch {
    return false;
  }
}
