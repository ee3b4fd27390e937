import type { InterfaceAddress } from "../model/prefix.ts";
import type { FrrChange } from "./frr_diff.ts";
import type { Link, LinkShape, Route, Rule, WgPeer } from "./host_state.ts";
import type { WgKey } from "../model/wg_key.ts";

/** What a synchronisation of the WireGuard device is about, and the configuration that it leaves. */
export interface WgSync {
  readonly kind: "wg.sync";
  /** UDP port. */
  readonly port: number;
  /** Whether the private key on the device is not the node's. */
  readonly setsKey: boolean;
  /** All peers afterwards; an absent endpoint leaves the one WireGuard has. */
  readonly peers: readonly WgPeer[];
  readonly added: readonly WgKey[];
  readonly removed: readonly WgKey[];
  readonly changed: readonly WgKey[];
}

/** One thing to do to a host. */
export type Change =
  | {
    readonly kind: "sysctl.set";
    readonly key: string;
    readonly value: string;
    readonly old: string;
  }
  | { readonly kind: "link.add"; readonly link: Link }
  | { readonly kind: "link.mtu"; readonly name: string; readonly mtu: number; readonly old: number }
  | { readonly kind: "link.up"; readonly name: string }
  /** Down and up again: the cure for a tunnel that FRR's zebra overlooked. */
  | { readonly kind: "link.bounce"; readonly name: string }
  | { readonly kind: "link.delete"; readonly name: string }
  | { readonly kind: "addr.add"; readonly dev: string; readonly address: InterfaceAddress }
  | { readonly kind: "addr.delete"; readonly dev: string; readonly address: InterfaceAddress }
  | { readonly kind: "route.replace"; readonly route: Route }
  | { readonly kind: "route.delete"; readonly route: Route }
  | { readonly kind: "rule.add"; readonly rule: Rule }
  | { readonly kind: "rule.delete"; readonly rule: Rule }
  | WgSync
  | { readonly kind: "frr.apply"; readonly text: string } & FrrChange
  /** Puts the text in the place of meshover's nftables table; undefined deletes the table. */
  | { readonly kind: "nft.replace"; readonly text: string | undefined }
  /** Waits until FRR knows the devices that are about to come up. */
  | { readonly kind: "settle"; readonly devices: readonly string[] };

function shapeWords(shape: LinkShape): string {
  switch (shape.kind) {
    case "gre":
      return `gre ${shape.local} to ${shape.remote}`;
    case "vxlan":
      return `vxlan ${shape.id} ${shape.local} to ${shape.remote}`;
    case "vrf":
      return `vrf with table ${shape.table}`;
    case "dummy":
    case "ifb":
    case "wireguard":
    case "wireguard-go":
      return shape.kind;
    default:
      return shape satisfies never;
  }
}

function routeWords(route: Route): string {
  const where = route.table === undefined ? "" : ` in table ${route.table}`;
  return `route to ${route.dst} by ${route.dev}${where}`;
}

function ruleWords(rule: Rule): string {
  const from = rule.from === undefined ? "all packets" : `packets from ${rule.from}`;
  return `rule ${rule.priority}: ${from} look in table ${rule.table}${
    rule.specificOnly ? " except defaults" : ""
  }`;
}

function peersWords(keys: readonly WgKey[]): string {
  return `${keys.length} peer${keys.length === 1 ? "" : "s"}`;
}

function wgWords(sync: WgSync): string {
  const parts = [
    ...(sync.setsKey ? ["set the key"] : []),
    ...(sync.added.length > 0 ? [`add ${peersWords(sync.added)}`] : []),
    ...(sync.changed.length > 0 ? [`change ${peersWords(sync.changed)}`] : []),
    ...(sync.removed.length > 0 ? [`remove ${peersWords(sync.removed)}`] : []),
  ];
  return `configure WireGuard: ${parts.length === 0 ? "set the port" : parts.join(", ")}`;
}

/** Of a template that is not followed there are no lines. */
function linesWords(count: number): string {
  return count === 0 ? "" : `: ${count} line${count === 1 ? "" : "s"}`;
}

/** A change in words for a person, one line. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case "sysctl.set":
      return `set ${change.key} to ${change.value} (was ${change.old})`;
    case "link.add":
      return `add device ${change.link.name} (${
        shapeWords(change.link.shape)
      }, MTU ${change.link.mtu})`;
    case "link.mtu":
      return `set MTU of ${change.name} to ${change.mtu} (was ${change.old})`;
    case "link.up":
      return `bring ${change.name} up`;
    case "link.bounce":
      return `take ${change.name} down and up again, because FRR overlooked it`;
    case "link.delete":
      return `delete device ${change.name}`;
    case "addr.add":
      return `add address ${change.address} to ${change.dev}`;
    case "addr.delete":
      return `delete address ${change.address} from ${change.dev}`;
    case "route.replace":
      return `add ${routeWords(change.route)}`;
    case "route.delete":
      return `delete ${routeWords(change.route)}`;
    case "rule.add":
      return `add ${ruleWords(change.rule)}`;
    case "rule.delete":
      return `delete ${ruleWords(change.rule)}`;
    case "wg.sync":
      return wgWords(change);
    case "frr.apply":
      return `configure FRR${linesWords(change.lines.length)}`;
    case "nft.replace":
      return change.text === undefined ? "delete the nftables table" : "replace the nftables table";
    case "settle":
      return `wait until FRR knows ${change.devices.length} new devices`;
    default:
      return change satisfies never;
  }
}
