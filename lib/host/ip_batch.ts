import { familyOf } from "../model/address.ts";
import { OWN_ALIAS, ROUTE_PROTOCOL } from "../plan/names.ts";
import type { Change } from "../plan/change.ts";
import type { LinkShape, Route, Rule } from "../plan/host_state.ts";

/** The changes that `ip` carries out. */
export type IpChange = Extract<
  Change,
  {
    kind:
      | "link.add"
      | "link.mtu"
      | "link.up"
      | "link.bounce"
      | "link.delete"
      | "addr.add"
      | "addr.delete"
      | "route.replace"
      | "route.delete"
      | "rule.add"
      | "rule.delete";
  }
>;

function shapeArguments(shape: LinkShape): string {
  switch (shape.kind) {
    case "gre":
      return `type gre local ${shape.local} remote ${shape.remote} ttl 255`;
    case "vxlan":
      return `type vxlan id ${shape.id} local ${shape.local} remote ${shape.remote} dstport ${shape.port} nolearning`;
    case "vrf":
      return `type vrf table ${shape.table}`;
    case "dummy":
    case "ifb":
    case "wireguard":
      return `type ${shape.kind}`;
    case "wireguard-go":
      throw new TypeError("wireguard-go devices are made by wireguard-go, not by ip");
    default:
      return shape satisfies never;
  }
}

function routeArguments(route: Route): string {
  const family = route.via === undefined ? "" : familyOf(route.via) === 6 ? "inet6 " : "inet ";
  const via = route.via === undefined ? "" : ` via ${family}${route.via}`;
  const table = route.table === undefined ? "" : ` table ${route.table}`;
  return `${route.dst}${via} dev ${route.dev}${table} proto ${ROUTE_PROTOCOL}`;
}

function ruleArguments(rule: Rule): string {
  const all = rule.family === 4 ? "0.0.0.0/0" : "::/0";
  const suppress = rule.specificOnly ? " suppress_prefixlength 0" : "";
  const from = `from ${rule.from ?? all}`;
  return `pref ${rule.priority} ${from} lookup ${rule.table}${suppress} protocol ${ROUTE_PROTOCOL}`;
}

/** The line of an `ip -batch` input that carries out one change (see ip-link(8), ip-address(8), ip-route(8)). */
export function ipBatchLine(change: IpChange): string {
  switch (change.kind) {
    case "link.add": {
      const { name, mtu, shape } = change.link;
      const mac = shape.kind === "vxlan" ? ` address ${shape.mac}` : "";
      return `link add name ${name} mtu ${mtu}${mac} ${shapeArguments(shape)}`;
    }
    case "link.mtu":
      return `link set dev ${change.name} mtu ${change.mtu}`;
    case "link.up":
      return `link set dev ${change.name} up`;
    case "link.bounce":
      return `link set dev ${change.name} down`;
    case "link.delete":
      return `link delete dev ${change.name}`;
    case "addr.add":
      return `address add ${change.address} dev ${change.dev}${
        change.address.includes(":") ? " nodad" : ""
      }`;
    case "addr.delete":
      return `address delete ${change.address} dev ${change.dev}`;
    case "route.replace":
      return `route replace ${routeArguments(change.route)}`;
    case "route.delete":
      return `route delete ${routeArguments(change.route)}`;
    case "rule.add":
      return `rule add ${ruleArguments(change.rule)}`;
    case "rule.delete":
      return `rule delete ${ruleArguments(change.rule)}`;
    default:
      return change satisfies never;
  }
}

/** The lines of a batch that carry out one change: almost always one. */
export function ipBatchLines(change: IpChange): readonly string[] {
  const line = ipBatchLine(change);
  if (change.kind === "link.bounce") return [line, `link set dev ${change.name} up`];
  if (change.kind !== "link.add") return [line];
  const { name, shape } = change.link;
  if (shape.kind === "vrf") return [line, `link set dev ${name} alias ${OWN_ALIAS}`];
  if (shape.kind !== "vxlan") return [line];
  // Its link-local address is given, not made by the kernel: that would be unusable for a second or two of DAD.
  return [line, `link set dev ${name} addrgenmode none`];
}
