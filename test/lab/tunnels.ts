import { z } from "zod";
import type { LabHost } from "./lab_host.ts";

const linksSchema = z.array(z.looseObject({
  ifname: z.string(),
  mtu: z.int(),
  linkinfo: z.looseObject({
    info_kind: z.string().default(""),
    info_data: z.looseObject({ remote: z.string().optional() }).default({}),
  }).default({ info_kind: "", info_data: {} }),
}));

/** A tunnel of meshover on a host, as its kernel and its WireGuard know it. */
export interface Tunnel {
  readonly device: string;
  /** `gre` or `vxlan`. */
  readonly kind: string;
  readonly mtu: number;
  /** Seconds since the last WireGuard handshake with the peer at its far end. */
  readonly handshakeAgeS: number | undefined;
}

/** The tunnels of a host, by device. */
export async function tunnels(host: LabHost): Promise<Map<string, Tunnel>> {
  const [links, allowed, handshakes] = await Promise.all([
    host.json(["ip", "-d", "-j", "link"]),
    host.exec(["wg", "show", "meshover0", "allowed-ips"]),
    host.exec(["wg", "show", "meshover0", "latest-handshakes"]),
  ]);
  const ages = new Map(rows(handshakes).map(([key, time]) => [key!, ageOf(Number(time))]));
  const keys = new Map(
    rows(allowed).flatMap(([key, ...ips]) =>
      ips.map((ip) => [ip.replace(/\/.*/, ""), key!] as const)
    ),
  );
  const found = linksSchema.parse(links).filter((link) => link.ifname.startsWith("meshover0-"));
  return new Map(found.map(({ ifname, mtu, linkinfo: { info_kind, info_data } }) => {
    const handshakeAgeS = ages.get(keys.get(info_data.remote ?? "") ?? "");
    return [ifname, { device: ifname, kind: info_kind, mtu, handshakeAgeS }];
  }));
}

function rows(text: string): string[][] {
  return text.trim().split("\n").map((line) => line.split(/\s+/));
}

/** WireGuard tells 0 for "never". */
function ageOf(unixTime: number): number | undefined {
  return unixTime === 0 ? undefined : Math.max(0, Math.round(Date.now() / 1000 - unixTime));
}
