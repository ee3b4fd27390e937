import type { Link } from "../plan/host_state.ts";
import { type Exec, runOrThrow } from "./exec.ts";

/**
 * Starts wireguard-go, which makes the device, goes into the background, and ends by itself when the device is deleted.
 * A tun device is made with an MTU and a random link-local address of the kernel's choosing, and neither is wanted.
 * @throws {ExecError} when it fails.
 */
export async function startWireguardGo(exec: Exec, link: Link): Promise<void> {
  await runOrThrow(exec, ["wireguard-go", link.name], { leavesDaemon: true });
  await runOrThrow(exec, [
    "ip",
    "link",
    "set",
    "dev",
    link.name,
    "mtu",
    `${link.mtu}`,
    "addrgenmode",
    "none",
  ]);
}
