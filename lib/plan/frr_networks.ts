import { tryParseAddress } from "../model/address.ts";
import { hostPrefix, type Prefix, tryParsePrefix } from "../model/prefix.ts";
import { isOwnDevice } from "./names.ts";

/** What is needed of a route as `ip -j route` tells it. */
export interface KernelRoute {
  /** `default`, a prefix, or an address. */
  readonly dst: string;
  readonly gateway?: string | undefined;
  readonly dev?: string | undefined;
  readonly protocol?: string | undefined;
}

function prefixOf(dst: string): Prefix | undefined {
  const address = tryParseAddress(dst);
  return address === undefined ? tryParsePrefix(dst) : hostPrefix(address);
}

/**
 * Prefixes of routes that zebra does not look at, for {@link FrrInput.networks}. It leaves out every route of protocol
 * "kernel" (netlink_route_change_read_unicast_internal in zebra/rt_netlink.c), because those belong to connected
 * addresses; but Cilium marks the route to a node's pods so, too (`linux_defaults.RTProto`). Those that somebody
 * made go through a gateway; the kernel's own do not. Sorted.
 */
export function networksUnseen(routes: readonly KernelRoute[]): readonly Prefix[] {
  const prefixes = routes
    .filter(({ protocol, gateway, dev }) =>
      protocol === "kernel" && gateway !== undefined && (dev === undefined || !isOwnDevice(dev))
    )
    .flatMap(({ dst }) => prefixOf(dst) ?? []);
  return [...new Set(prefixes)].sort();
}
