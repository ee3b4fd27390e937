import { type Exec, runOrThrow } from "../host/exec.ts";
import type { NodeRoutes } from "../model/node_routes.ts";
import { type InterfaceAddress, networkOf } from "../model/prefix.ts";
import { DUMMY_DEVICE } from "../plan/names.ts";
import type { ChangeLog } from "./log.ts";

/**
 * Gives node addresses that are not announced to the kernel anew: of an address that comes in the moment FRR starts, zebra or
 * bgpd may never hear, and then no other node has a way to it (seen with FRR 8.4, in one start of ten on a busy machine).
 */
export class OverlookedAddresses {
  #renewed = "";

  constructor(private readonly parts: { readonly exec: Exec; readonly changes: ChangeLog }) {}

  /**
   * Compares a node's addresses with what it announces; `routes` is undefined while that is not known. The same addresses are
   * not renewed twice: a template may keep them back.
   */
  async look(
    addresses: readonly InterfaceAddress[],
    routes: Pick<NodeRoutes, "announced"> | undefined,
  ): Promise<void> {
    if (routes === undefined) return;
    const { exec, changes } = this.parts;
    const announced = new Set(routes.announced);
    const missing = addresses.filter((address) => !announced.has(networkOf(address)));
    if (missing.join() === this.#renewed) return;
    this.#renewed = missing.join();
    if (missing.length === 0) return changes.over("overlooked", "every node address is announced");
    changes.say(
      "overlooked",
      "info",
      `FRR does not announce ${missing.join(", ")}; telling it again`,
    );
    await runOrThrow(exec, ["ip", "-batch", "-"], { stdin: missing.map(renewal).join("") });
  }
}

/** Both, because FRR pays no heed to an address that it believes to know: it may have told nobody of it. */
function renewal(address: InterfaceAddress): string {
  const nodad = address.includes(":") ? " nodad" : "";
  const where = `${address} dev ${DUMMY_DEVICE}`;
  return `address delete ${where}\naddress add ${where}${nodad}\n`;
}
