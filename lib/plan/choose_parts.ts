import { StateError } from "../model/errors.ts";
import type { TunnelKind, WgKind } from "../model/node.ts";

/** Kinds of device that a machine can make. */
export interface Capabilities {
  readonly wireguard: boolean;
  readonly wireguardGo: boolean;
  readonly gre: boolean;
  readonly vxlan: boolean;
  readonly dummy: boolean;
  readonly ifb: boolean;
}

/** The words of `--wg` and `--tunnel`. */
export interface Wishes {
  readonly wg: "auto" | WgKind;
  readonly tunnel: "auto" | TunnelKind;
}

/** What a node is made of. */
export interface Parts {
  readonly wg: WgKind;
  /** Best first. */
  readonly tunnels: readonly TunnelKind[];
  readonly dummy: "dummy" | "ifb";
}

function chooseWg(wish: Wishes["wg"], can: Capabilities): WgKind {
  if (wish !== "userspace" && can.wireguard) return "kernel";
  if (wish === "kernel") {
    throw new StateError(
      "The kernel has no WireGuard (module wireguard): install a kernel that has it, or use --wg userspace",
    );
  }
  if (can.wireguardGo) return "userspace";
  const why = wish === "userspace" ? "" : "The kernel has no WireGuard (module wireguard), and ";
  throw new StateError(`${why}wireguard-go is not installed: install the package wireguard-go`);
}

function chooseTunnels(wish: Wishes["tunnel"], can: Capabilities): readonly TunnelKind[] {
  const kinds = (["gre", "vxlan"] as const).filter((kind) =>
    can[kind] && (wish === "auto" || wish === kind)
  );
  if (kinds.length > 0) return kinds;
  if (wish === "auto") {
    throw new StateError("The kernel has neither GRE (module ip_gre) nor VXLAN (module vxlan)");
  }
  const other = wish === "gre" ? "vxlan" : "gre";
  throw new StateError(
    `The kernel has no ${
      wish === "gre" ? "GRE (module ip_gre)" : "VXLAN (module vxlan)"
    }: use --tunnel ${other} or auto`,
  );
}

/**
 * Chooses what a node is made of: the kernel's WireGuard, GRE and dummy where it can, else what stands in for them.
 * @throws {StateError} naming the missing module or package and the way out.
 */
export function chooseParts(wishes: Wishes, can: Capabilities): Parts {
  const wg = chooseWg(wishes.wg, can);
  const tunnels = chooseTunnels(wishes.tunnel, can);
  if (!can.dummy && !can.ifb) {
    throw new StateError("The kernel has neither dummy nor ifb devices (modules dummy, ifb)");
  }
  return { wg, tunnels, dummy: can.dummy ? "dummy" : "ifb" };
}
