import { type Family, type IpAddress, widthOf } from "../model/address.ts";
import {
  hostPrefix,
  type InterfaceAddress,
  parseInterfaceAddress,
  type Prefix,
} from "../model/prefix.ts";
import { networksUnseen } from "../plan/frr_networks.ts";
import { defaultPrefix, MAIN_TABLE } from "../plan/gathering.ts";
import {
  type Link,
  type LinkShape,
  type Route,
  routeKey,
  type Rule,
  ruleKey,
} from "../plan/host_state.ts";
import { COIL_VRF, isOwnDevice, OWN_ALIAS, ROUTE_PROTOCOL } from "../plan/names.ts";
import type { HostNetwork, UnderlayAddress } from "../plan/underlay.ts";
import { type IpLink, type IpNetconf, type IpRoute, type IpRule, splitJson } from "./ip_json.ts";

/** What `ip` tells of a host. */
export interface IpObservation {
  readonly links: ReadonlyMap<string, Link>;
  readonly addresses: ReadonlyMap<string, ReadonlySet<InterfaceAddress>>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly rules: ReadonlyMap<string, Rule>;
  /** Forwarding and rp_filter of the whole host and of every device. */
  readonly sysctls: ReadonlyMap<string, string>;
  readonly network: HostNetwork;
}

const RP_FILTER: Readonly<Record<string, string>> = { off: "0", strict: "1", loose: "2" };

function shapeOf(link: IpLink): LinkShape | undefined {
  const kind = link.linkinfo?.info_kind;
  const data = link.linkinfo?.info_data ?? {};
  const ends = {
    local: String(data["local"]) as IpAddress,
    remote: String(data["remote"]) as IpAddress,
  };
  switch (kind) {
    case "dummy":
    case "ifb":
    case "wireguard":
      return { kind };
    case "tun":
      return { kind: "wireguard-go" };
    case "vrf":
      return { kind, table: Number(data["table"]) };
    case "gre":
      return { kind, ...ends };
    case "vxlan":
      return {
        kind,
        ...ends,
        id: Number(data["id"]),
        port: Number(data["port"]),
        mac: link.address ?? "",
      };
    default:
      return undefined;
  }
}

function isOwn(link: IpLink): boolean {
  return isOwnDevice(link.ifname) || (link.ifname === COIL_VRF.name && link.ifalias === OWN_ALIAS);
}

function ownLinks(links: readonly IpLink[]): Map<string, Link> {
  const out = new Map<string, Link>();
  for (const link of links) {
    if (!isOwn(link)) continue;
    // A device of our name and a foreign kind has no shape that is ever desired, so it will be replaced.
    const shape = shapeOf(link) ??
      { kind: "gre", local: "?" as IpAddress, remote: "?" as IpAddress };
    out.set(link.ifname, {
      name: link.ifname,
      shape,
      mtu: link.mtu,
      up: link.flags.includes("UP"),
    });
  }
  return out;
}

function ownAddresses(links: readonly IpLink[]): Map<string, ReadonlySet<InterfaceAddress>> {
  const out = new Map<string, ReadonlySet<InterfaceAddress>>();
  for (const link of links) {
    if (!isOwn(link)) continue;
    // The kernel gives link-local addresses of its own to all kinds of device but VXLANs, which have a fixed one.
    const isVxlan = link.linkinfo?.info_kind === "vxlan";
    const addresses = link.addr_info.filter((a) => isVxlan || a.scope !== "link").map((a) =>
      interfaceAddress(a)
    );
    out.set(link.ifname, new Set(addresses));
  }
  return out;
}

/** Addresses by what they were read from: the same few hundred are read again and again. */
const parsed = new Map<string, InterfaceAddress>();
const MOST_PARSED = 10_000;

function interfaceAddress(
  a: { readonly local: string; readonly prefixlen: number },
): InterfaceAddress {
  const text = `${a.local}/${a.prefixlen}`;
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (parsed.size >= MOST_PARSED) parsed.clear();
  const address = parseInterfaceAddress(text);
  parsed.set(text, address);
  return address;
}

function hostAddresses(links: readonly IpLink[]): UnderlayAddress[] {
  return links.flatMap((link) =>
    link.addr_info.filter((a) => a.scope !== "link" && a.scope !== "host").map((a) => ({
      address: interfaceAddress(a),
      dev: link.ifname,
      stable: a.scope === "global" && !a.deprecated && !a.temporary && !a.tentative && !a.dadfailed,
    }))
  );
}

function sysctlsOf(netconf: readonly IpNetconf[]): Map<string, string> {
  const out = new Map<string, string>();
  for (const row of netconf) {
    const forwarding = row.forwarding ? "1" : "0";
    if (row.family === "inet") {
      if (row.interface === "all") out.set("net.ipv4.ip_forward", forwarding);
      out.set(`net.ipv4.conf.${row.interface}.rp_filter`, RP_FILTER[row.rp_filter ?? ""] ?? "0");
    } else if (row.interface === "all") {
      out.set("net.ipv6.conf.all.forwarding", forwarding);
    }
  }
  return out;
}

function prefixOf(dst: string, family: Family): Prefix {
  if (dst === "default") return defaultPrefix(family);
  return (dst.includes("/") ? dst : hostPrefix(dst as IpAddress)) as Prefix;
}

function routesOf(rows: readonly IpRoute[], family: Family): Route[] {
  return rows.flatMap((row): Route[] => {
    if (row.dev === undefined) return [];
    const via = row.via?.host ?? row.gateway;
    return [{
      dst: prefixOf(row.dst, family),
      dev: row.dev,
      ...(row.table === undefined || row.table === "main" ? {} : { table: Number(row.table) }),
      ...(via === undefined ? {} : { via: via as IpAddress }),
    }];
  });
}

function rulesOf(rows: readonly IpRule[], family: Family): Rule[] {
  return rows.filter((row) => row.protocol === String(ROUTE_PROTOCOL)).map((row) => ({
    family,
    priority: row.priority,
    from: row.src === "all" ? undefined : `${row.src}/${row.srclen ?? widthOf(family)}` as Prefix,
    table: row.table === "main" ? MAIN_TABLE : Number(row.table),
    specificOnly: row.suppress_prefixlen === 0,
  }));
}

/** What `ip` printed. */
export interface IpTexts {
  /** Of `address show` and `netconf show`, with details. */
  readonly links: string;
  /** Of the questions of {@link PER_FAMILY}. */
  readonly four: string;
  /** The same for IPv6. */
  readonly six: string;
}

function raDevices(defaults6: readonly IpRoute[]): readonly string[] {
  const rows = defaults6.filter((r) => r.protocol === "ra");
  return [...new Set(rows.flatMap((r) => r.dev ?? []))].sort();
}

/** What is asked of one family: rules, meshover's routes, default routes, routes by the kernel. */
export const PER_FAMILY: readonly string[] = [
  "rule show",
  `route show table all proto ${ROUTE_PROTOCOL}`,
  "route show default",
  "route show proto kernel",
];

function readFamily(text: string, family: Family): [Rule[], Route[], IpRoute[], IpRoute[]] {
  const [rules, routes, defaults, kernel] = splitJson<[IpRule[], IpRoute[], IpRoute[], IpRoute[]]>(
    text,
  );
  // What ip is asked for by protocol it shows without it.
  const byKernel = kernel.map((route) => ({ ...route, protocol: "kernel" }));
  return [rulesOf(rules, family), routesOf(routes, family), defaults, byKernel];
}

/** Reads what `ip` printed. Pure. */
export function readIp(texts: IpTexts): IpObservation {
  const [four, six] = [readFamily(texts.four, 4), readFamily(texts.six, 6)];
  const [links, netconf] = splitJson<[IpLink[], IpNetconf[]]>(texts.links);
  const defaults = [...six[2], ...four[2]].toSorted((a, b) => (a.metric ?? 0) - (b.metric ?? 0));
  const outward = defaults.flatMap((r) => r.dev === undefined || isOwnDevice(r.dev) ? [] : [r.dev]);
  return {
    links: ownLinks(links),
    addresses: ownAddresses(links),
    routes: new Map([...four[1], ...six[1]].map((r) => [routeKey(r), r])),
    rules: new Map([...four[0], ...six[0]].map((r) => [ruleKey(r), r])),
    sysctls: sysctlsOf(netconf),
    network: {
      addresses: hostAddresses(links),
      mtus: new Map(links.map((l) => [l.ifname, l.mtu])),
      outwardDevices: [...new Set(outward)],
      raDevices: raDevices(six[2]),
      unseenByFrr: networksUnseen([...four[3], ...six[3]]),
      foreignCoilVrf: links.some((l) => l.ifname === COIL_VRF.name && !isOwn(l)),
    },
  };
}
