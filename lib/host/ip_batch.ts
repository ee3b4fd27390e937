import { ROUTE_PROTOCOL } from "../plan/names.ts";
import type { Change } from "../plan/change.ts";
import type { LinkShape } from "../plan/host_state.ts";

/** The changes that `ip` carries out. */
export type IpChange = Extract<
  Change,
  {
    kind:
      | "link.add"
      | "link.mtu"
      | "link.up"
      | "link.delete"
      | "addr.add"
      | "addr.delete"
      | "route.replace"
      | "route.delete";
  }
>;

function shapeArguments(shape: LinkShape): string {
  switch (shape.kind) {
    case "gre":
      return `type gre local ${shape.local} remote ${shape.remote} ttl 255`;
    case "vxlan":
      return `type vxlan id ${shape.id} local ${shape.local} remote ${shape.remote} dstport ${shape.port} nolearning`;
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
    case "link.delete":
      return `link delete dev ${change.name}`;
    case "addr.add":
      return `address add ${change.address} dev ${change.dev}${
        change.address.includes(":") ? " nodad" : ""
      }`;
    case "addr.delete":
      return `address delete ${change.address} dev ${change.dev}`;
    case "route.replace":
      return `route replace ${change.route.dst} dev ${change.route.dev} proto ${ROUTE_PROTOCOL}`;
    case "route.delete":
      return `route delete ${change.route.dst} dev ${change.route.dev} proto ${ROUTE_PROTOCOL}`;
    default:
      return change satisfies never;
  }
}
