import { z } from "zod";
import type { LabHost } from "../../test/lab/lab_host.ts";

const linksSchema = z.array(z.looseObject({
  ifname: z.string(),
  linkinfo: z.looseObject({ info_kind: z.string() }).optional(),
}));

/** Says in words which WireGuard, tunnel and node device a node has, read from its kernel. */
export async function waysTaken(host: LabHost): Promise<string> {
  const links = linksSchema.parse(await host.json(["ip", "-d", "-j", "link"]));
  const kindOf = (name: string | RegExp) =>
    links.find((l) => typeof name === "string" ? l.ifname === name : name.test(l.ifname))?.linkinfo
      ?.info_kind;
  const wireguard = kindOf("meshover0") === "wireguard"
    ? "the kernel's WireGuard"
    : "wireguard-go (userspace)";
  const tunnel = kindOf(/^meshover0-/) ?? "no";
  const device = kindOf("dummy-meshover0") ?? "unknown";
  const missing = tunnel === "gre" ? "" : "; this kernel lacks some of WireGuard, GRE and dummy";
  return `${wireguard}, ${tunnel} tunnels inside it, node addresses on a device of kind ${device}${missing}`;
}
