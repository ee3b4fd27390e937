import { familyOf, type IpAddress } from "../model/address.ts";
import {
  contains,
  hostOf,
  type InterfaceAddress,
  networkOf,
  type Prefix,
} from "../model/prefix.ts";
import { InputError } from "../model/errors.ts";
import { isOwnDevice } from "./names.ts";

/** An address that a device of the host has. */
export interface UnderlayAddress {
  readonly address: InterfaceAddress;
  readonly dev: string;
  /** False for addresses that are deprecated, temporary, tentative or not of global scope. */
  readonly stable: boolean;
}

/** What the host offers to carry the overlay. */
export interface HostNetwork {
  readonly addresses: readonly UnderlayAddress[];
  /** MTU of each device, bytes. */
  readonly mtus: ReadonlyMap<string, number>;
  /** Devices that default routes, of either family, and the route to a controller leave by. */
  readonly outwardDevices: readonly string[];
  /** Devices whose default route the kernel or a daemon took from router advertisements. */
  readonly raDevices: readonly string[];
  /** Prefixes that somebody routes in a way that FRR does not look at (see `frr_networks.ts`). */
  readonly unseenByFrr: readonly Prefix[];
  /** Whether somebody else made a VRF of the name that Coil's routes are imported from. */
  readonly foreignCoilVrf: boolean;
}

/** What part of it is the underlay. */
export interface Underlay {
  /** Addresses for peers to try, IPv6 first. */
  readonly candidates: readonly IpAddress[];
  /** Devices that carry the overlay's packets. */
  readonly devices: readonly string[];
  /** Networks on those devices. */
  readonly prefixes: readonly Prefix[];
  /** Narrowest MTU of those devices, bytes. */
  readonly mtu: number;
}

/** How the operator narrows the choice: a prefix, an address, or a device's name. */
export type UnderlayChoice = Prefix | IpAddress | string;

/** Bridges that engines make to hide containers behind the host's address; never underlay, never announced by default. */
export const NAT_BRIDGES: readonly string[] = ["docker0", "podman0", "cni0", "virbr0"];

function isCandidate(a: UnderlayAddress, overlay: readonly Prefix[]): boolean {
  if (!a.stable || a.dev === "lo" || isOwnDevice(a.dev) || NAT_BRIDGES.includes(a.dev)) {
    return false;
  }
  return !overlay.some((pool) => contains(pool, hostOf(a.address)));
}

function isChosen(a: UnderlayAddress, choices: readonly UnderlayChoice[]): boolean {
  const host = hostOf(a.address);
  return choices.some((choice) => {
    if (choice === a.dev || choice === host) return true;
    return choice.includes("/") && contains(choice as Prefix, host);
  });
}

function rank(a: UnderlayAddress, network: HostNetwork): number {
  const byFamily = familyOf(hostOf(a.address)) === 6 ? 0 : 1;
  return byFamily * 2 + (network.outwardDevices.includes(a.dev) ? 0 : 1);
}

/**
 * Finds the underlay: the stable global addresses, not meshover's own, of the devices that lead out of the host, or of
 * all devices where none does. A bridge with VMs behind it does not lead out, so what stands on it stays announced.
 * @throws {InputError} when the operator's choice matches no address.
 */
export function findUnderlay(
  network: HostNetwork,
  options: { readonly choices: readonly UnderlayChoice[]; readonly overlay: readonly Prefix[] },
): Underlay {
  const { choices, overlay } = options;
  const all = network.addresses.filter((a) => isCandidate(a, overlay));
  const onDefault = all.filter((a) => network.outwardDevices.includes(a.dev));
  const offered = choices.length > 0
    ? all.filter((a) => isChosen(a, choices))
    : onDefault.length > 0
    ? onDefault
    : all;
  if (choices.length > 0 && offered.length === 0) {
    const have = all.map((a) => `${hostOf(a.address)} on ${a.dev}`).join(", ");
    throw new InputError(
      `--underlay ${choices.join(",")} matches no address of this host; there is ${have || "none"}`,
    );
  }
  const sorted = offered.toSorted((a, b) =>
    rank(a, network) - rank(b, network) || (a.address < b.address ? -1 : 1)
  );
  const devices = [...new Set(sorted.map((a) => a.dev))].sort();
  const carrying = [
    ...new Set([...devices, ...network.outwardDevices.filter((d) => !isOwnDevice(d))]),
  ].sort();
  const prefixes = network.addresses.filter((a) => carrying.includes(a.dev) && a.stable).map((a) =>
    networkOf(a.address)
  );
  const mtus = devices.map((d) => network.mtus.get(d) ?? 1500);
  return {
    candidates: sorted.map((a) => hostOf(a.address)),
    devices: carrying,
    prefixes: [...new Set(prefixes)].sort(),
    mtu: mtus.length === 0 ? 1500 : Math.min(...mtus),
  };
}

/** The underlay's devices and all addresses on them: what connections that leave the host may begin at. */
export function underlayWays(network: HostNetwork, underlay: Underlay): ReadonlySet<string> {
  const on = network.addresses.filter((a) => underlay.devices.includes(a.dev));
  return new Set([...underlay.devices, ...on.map((a) => `${a.address} on ${a.dev}`)]);
}
