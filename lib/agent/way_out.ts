import type { Exec } from "../host/exec.ts";
import { outwardDevice } from "../host/ip_observe.ts";
import type { IpAddress } from "../model/address.ts";
import type { HostNetwork } from "../plan/underlay.ts";

/** How long an answer is believed while `ip` tells of no change, milliseconds: any route may lead to a controller. */
const BELIEVED_MS = 30_000;

/** The devices that lead to some addresses; asked for again when the network changed, and now and then. */
export class WayOut {
  #network: HostNetwork | undefined;
  #addresses: readonly IpAddress[] = [];
  #devices: readonly string[] = [];
  #askedAt = -Infinity;

  /** `now` gives milliseconds that only ever grow. */
  constructor(
    private readonly exec: Exec,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The devices by which packets to `addresses` leave now. */
  async devices(
    addresses: readonly IpAddress[],
    network: HostNetwork,
  ): Promise<readonly string[]> {
    const now = this.now();
    const known = this.#network === network && this.#addresses === addresses;
    if (known && now - this.#askedAt < BELIEVED_MS) return this.#devices;
    const found = await Promise.all(addresses.map((a) => outwardDevice(this.exec, a)));
    this.#devices = found.filter((d) => d !== undefined);
    [this.#network, this.#addresses, this.#askedAt] = [network, addresses, now];
    return this.#devices;
  }
}
