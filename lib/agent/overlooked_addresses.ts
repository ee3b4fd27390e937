import { type Exec, runOrThrow } from "../host/exec.ts";
import type { NodeRoutes } from "../model/api.ts";
import { type InterfaceAddress, networkOf } from "../model/prefix.ts";
import { DUMMY_DEVICE } from "../plan/names.ts";
import type { ChangeLog } from "./log.ts";

/**
 * Has the kernel tell once more of node addresses that are not announced: an address that comes in the moment zebra learns
 * of its device may be one that zebra never hears of, and then no other node has a way to it (seen with FRR 8.4, in one start
 * of ten on a busy machine). Nothing changes for the address itself.
 */
export class OverlookedAddresses {
  #renewed = "";

  constructor(private readonly parts: { readonly exec: Exec; readonly changes: ChangeLog }) {}

  /**
   * Compares a node's addresses with what it announces; `routes` is undefined while that is not known. The same addresses are
   * not told of twice: a template may keep them back.
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

function renewal(address: InterfaceAddress): string {
  const nodad = address.includes(":") ? " nodad" : "";
  return `address replace ${address} dev ${DUMMY_DEVICE}${nodad}\n`;
}
