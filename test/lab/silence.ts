import type { LabHost } from "./lab_host.ts";

/** UDP port of meshover's WireGuard. */
const WG_PORT = 12912;

/**
 * Has the underlay drop what one host's WireGuard sends another's, of both families, without telling anybody; the other
 * direction stays. Returns what ends it.
 */
export async function silence(
  options: { readonly from: LabHost; readonly to: LabHost },
): Promise<() => Promise<void>> {
  const { from, to } = options;
  const text = await from.shell("ip -o addr show dev eth0 scope global");
  const sources = [...text.matchAll(/(inet6?) (\S+)\//g)];
  const rules = sources.map(([, family, address]) =>
    `add rule inet silence in ${
      family === "inet6" ? "ip6" : "ip"
    } saddr ${address} udp dport ${WG_PORT} drop`
  );
  await to.exec(["nft", "-f", "-"], {
    stdin: [
      "add table inet silence",
      "add chain inet silence in { type filter hook prerouting priority -300; }",
      ...rules,
      "",
    ].join("\n"),
  });
  return async () => {
    await to.exec(["nft", "delete", "table", "inet", "silence"]);
  };
}
