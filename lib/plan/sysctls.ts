/**
 * The sysctls that routing over the overlay needs (kernel: Documentation/networking/ip-sysctl.rst). The kernel takes the
 * larger of `all` and the device's own rp_filter, and an asymmetric path over a tunnel is dropped by either.
 */
export function desiredSysctls(devices: readonly string[]): ReadonlyMap<string, string> {
  return new Map([
    ["net.ipv4.ip_forward", "1"],
    ["net.ipv6.conf.all.forwarding", "1"],
    ["net.ipv4.conf.all.rp_filter", "0"],
    ["net.ipv4.conf.default.rp_filter", "0"],
    ...devices.map((name) => [`net.ipv4.conf.${name}.rp_filter`, "0"] as const),
  ]);
}
