import type { IpAddress } from "../model/address.ts";
import type { Asn } from "../model/asn.ts";
import type { HostName } from "../model/host_name.ts";
import { parsePrefix, type Prefix } from "../model/prefix.ts";
import { checkLeavesGuard, guardText, neverLists } from "./frr_guard.ts";
import {
  neverCarried,
  type OwnPaths,
  type PrefixRange,
  rangesOf,
  wholePrefixes,
} from "./frr_ranges.ts";
import { originLine, renderTemplate, type TemplateView } from "./frr_template.ts";
import type { FrrTrust } from "./frr_origin.ts";
import { trustText } from "./frr_trust.ts";
import { COIL_VRF } from "./names.ts";
import { NAT_BRIDGES } from "./underlay.ts";

/** How fast a silent peer is noticed: 3 × 300 ms, 5 × 1 s, or only by BGP's hold time. */
export const BFD_TIMERS = {
  lan: { multiplier: 3, intervalMs: 300 },
  wan: { multiplier: 5, intervalMs: 1000 },
} as const;

/** See {@link BFD_TIMERS}; `off` runs no BFD. */
export type BfdProfileName = keyof typeof BFD_TIMERS | "off";

/** Sessions are taken down for five minutes when a peer sends more prefixes than this. */
export const DEFAULT_MAXIMUM_PREFIX = 10_000;

/** A tunnel that a BGP session runs over. */
export interface FrrTunnel {
  /** Device. */
  readonly name: string;
  readonly peerNumber: number;
  readonly peerName: HostName;
  readonly peerAsn: Asn;
}

/** What a configuration of FRR is rendered from. */
export interface FrrInput extends OwnPaths {
  readonly hostname: HostName;
  readonly asn: Asn;
  /** BGP identifier, the node's IPv4 address. */
  readonly routerId: IpAddress;
  /** Prefixes of the loopback-like device. */
  readonly nodeAddresses: readonly Prefix[];
  readonly tunnels: readonly FrrTunnel[];
  /** Devices whose connected routes are the underlay. */
  readonly underlayDevices: readonly string[];
  /** Prefixes that node addresses come from: accepted even where a default would keep them back. */
  readonly nodePools?: readonly Prefix[];
  /** Devices whose connected and kernel routes are kept back; {@link NAT_BRIDGES} unless told. */
  readonly natBridges?: readonly string[];
  /** Announced and accepted though a default (192.168.0.0/16, NAT bridges) keeps them back. */
  readonly announceAllow?: readonly Prefix[];
  /** Never announced; stronger than `announceAllow`. */
  readonly announceDeny?: readonly Prefix[];
  /** `lan` unless told. */
  readonly bfd?: BfdProfileName;
  /** {@link DEFAULT_MAXIMUM_PREFIX} unless told. */
  readonly maximumPrefix?: number;
  /** Prefixes to originate although the kernel's routing table does not tell FRR of them. */
  readonly networks?: readonly Prefix[];
  /** Whose routes are taken; absent, every node may announce anything. */
  readonly trust?: FrrTrust;
}

const HELD_BACK = [parsePrefix("192.168.0.0/16")];

/** Number of the first route-map entry that is made from a list of devices. */
const FIRST_DEVICE_ENTRY = 100;

const TRUST_ANYONE: FrrTrust = { mode: "open", origins: [], decisions: [] };

/** Names that exist inside the lists, whether or not a list has elements. */
const LIST_NAMES = [
  "device",
  "peer",
  "number",
  "peerAsn",
  "raSeconds",
  "sequence",
];

function deviceEntries(devices: readonly string[]): TemplateView[] {
  return [...devices].sort().map((device, index) => ({
    device,
    sequence: FIRST_DEVICE_ENTRY + index,
  }));
}

function rangeViews(name: string, prefixes: readonly Prefix[]): TemplateView {
  const ranges = wholePrefixes(prefixes);
  const [four, six] = [rangesOf(4, ranges), rangesOf(6, ranges)];
  return {
    [`${name}4`]: four,
    [`${name}6`]: six,
    [`has${name[0]!.toUpperCase()}${name.slice(1)}4`]: four.length > 0,
    [`has${name[0]!.toUpperCase()}${name.slice(1)}6`]: six.length > 0,
  };
}

/**
 * Seconds between router advertisements. A node that comes back has heard one of each peer before its sessions begin: with 1 in place of
 * 3, a node started again is reached after 1.5 s, not 3.9. For the first hundred peers only: zebra takes 2 % of a processor to
 * send 500 a second.
 */
const RA_SECONDS = { first: 1, others: 3 };
const FIRST_PEERS = 100;

function tunnelViews(tunnels: readonly FrrTunnel[]): TemplateView[] {
  return [...tunnels].sort((a, b) => a.peerNumber - b.peerNumber).map((tunnel, index) => ({
    device: tunnel.name,
    peer: tunnel.peerName,
    number: tunnel.peerNumber,
    peerAsn: tunnel.peerAsn,
    raSeconds: index < FIRST_PEERS ? RA_SECONDS.first : RA_SECONDS.others,
  }));
}

function bfdView(profile: BfdProfileName): TemplateView {
  if (profile === "off") return { bfd: false, bfdMultiplier: 0, bfdIntervalMs: 0 };
  const { multiplier, intervalMs } = BFD_TIMERS[profile];
  return { bfd: true, bfdMultiplier: multiplier, bfdIntervalMs: intervalMs };
}

/** The values that a template can name; documented at the head of `conf/frr.conf`. */
function viewOf(input: FrrInput, never: readonly PrefixRange[]): TemplateView {
  return {
    hostname: input.hostname,
    asn: input.asn,
    routerId: input.routerId,
    tunnels: tunnelViews(input.tunnels),
    underlay: deviceEntries(input.underlayDevices),
    natBridges: deviceEntries(input.natBridges ?? NAT_BRIDGES),
    never4: neverLists(4, never).first,
    never6: neverLists(6, never).first,
    ...rangeViews("own", input.nodeAddresses),
    ...rangeViews("deny", input.announceDeny ?? []),
    ...rangeViews("allow", [...input.announceAllow ?? [], ...input.nodePools ?? []]),
    ...rangeViews("held", HELD_BACK),
    ...rangeViews("network", []),
    network4: (input.networks ?? []).filter((prefix) => !prefix.includes(":")),
    network6: (input.networks ?? []).filter((prefix) => prefix.includes(":")),
    ...bfdView(input.bfd ?? "lan"),
    maximumPrefix: input.maximumPrefix ?? DEFAULT_MAXIMUM_PREFIX,
    approve: input.trust?.mode === "approve",
    coilVrf: COIL_VRF.name,
    coilTable: COIL_VRF.table,
  };
}

/** What no template can leave out or change. */
function ownText(input: FrrInput, never: readonly PrefixRange[]): string {
  return guardText(never) + trustText(input.trust ?? TRUST_ANYONE);
}

/**
 * The configuration of FRR: meshover's own guard (see {@link guardText}) and whose routes are trusted (see
 * {@link trustText}), then what the template says. The same input gives the same text, byte by byte.
 * Errors call the template by its `path`.
 * @throws {InputError} naming the line, when the template is broken, names an unknown variable or defines what is the guard's.
 */
export function renderFrrConf(
  template: string,
  input: FrrInput,
  { path }: { readonly path?: string | undefined } = {},
): string {
  const never = neverCarried(input);
  const view = viewOf(input, never);
  const rendered = renderTemplate(template, { view, listNames: LIST_NAMES, path });
  checkLeavesGuard(rendered, path);
  return ownText(input, never) + rendered;
}

/**
 * The line of the template that a line of the configuration came from, both from 1; undefined for lines of meshover's own.
 */
export function templateLineOf(
  template: string,
  input: FrrInput,
  { line }: { readonly line: number },
): number | undefined {
  const never = neverCarried(input);
  const before = ownText(input, never).split("\n").length - 1;
  const view = viewOf(input, never);
  return originLine(template, { view, listNames: LIST_NAMES, line: line - before });
}
