import type { NodeReport } from "../model/node.ts";

/** The kernel parameter that says whether a device takes router advertisements: 0 no, 1 unless forwarding, 2 always. */
export function acceptRaKey(device: string): string {
  return `net.ipv6.conf.${device}.accept_ra`;
}

/** Parameters of a node that `ip` does not tell, by the kind of its WireGuard. */
export function untoldSysctls(wg: NodeReport["wg"]): readonly string[] {
  return wg === "kernel" ? [SEND_REDIRECTS] : [];
}

/**
 * The kernel's WireGuard turns it off for the whole machine when a device of it comes up (drivers/net/wireguard/device.c,
 * wg_open) and never on again. Turned off here first, it is remembered and put back like the others.
 */
const SEND_REDIRECTS = "net.ipv4.conf.all.send_redirects";

/**
 * The sysctls that routing over the overlay needs (kernel: Documentation/networking/ip-sysctl.rst). The kernel takes the
 * larger of `all` and the device's own rp_filter, and an asymmetric path over a tunnel is dropped by either.
 *
 * `raDevices` have their default route from router advertisements. With forwarding on, the kernel takes none any more and
 * drops the route at once, unless accept_ra is 2; so that is set before forwarding is.
 */
export function desiredSysctls(
  devices: readonly string[],
  { raDevices, wg }: { readonly raDevices: readonly string[]; readonly wg: NodeReport["wg"] },
): ReadonlyMap<string, string> {
  return new Map([
    ...raDevices.map((name) => [acceptRaKey(name), "2"] as const),
    ["net.ipv4.ip_forward", "1"],
    ["net.ipv6.conf.all.forwarding", "1"],
    ["net.ipv4.conf.all.rp_filter", "0"],
    ["net.ipv4.conf.default.rp_filter", "0"],
    ...untoldSysctls(wg).map((name) => [name, "0"] as const),
    ...devices.map((name) => [`net.ipv4.conf.${name}.rp_filter`, "0"] as const),
  ]);
}
