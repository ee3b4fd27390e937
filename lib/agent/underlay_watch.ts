import { type HostNetwork, type Underlay, underlayWays } from "../plan/underlay.ts";

/** What happens when the underlay is another one. */
export interface UnderlayWatchPorts {
  /** Called when an address or a device is gone: connections over it would hang until their time is up. */
  readonly onLoss: () => void;
  /** Called after any change: there may be a way to the controller now. */
  readonly onChange: () => void;
}

/** Sees when the addresses and devices that connections to the controller may use change. */
export class UnderlayWatch {
  #ways: ReadonlySet<string> | undefined;

  constructor(private readonly ports: UnderlayWatchPorts) {}

  /** Compares with the last look; the first one has nothing to compare with. */
  look(network: HostNetwork, underlay: Underlay): void {
    const ways = underlayWays(network, underlay);
    const before = this.#ways;
    this.#ways = ways;
    if (before === undefined || ways.symmetricDifference(before).size === 0) return;
    if (!before.isSubsetOf(ways)) this.ports.onLoss();
    this.ports.onChange();
  }
}
