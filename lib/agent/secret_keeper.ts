import type { ControllerClient } from "../client/controller_client.ts";
import type { StateDir } from "../host/state_dir.ts";
import { messageOf } from "../model/errors.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { newSecret } from "./enrol.ts";
import type { ChangeLog, Log } from "./log.ts";
import { FILES, type Identity, remember } from "./memory.ts";

/** What a keeper works with. */
export interface SecretKeeperParts {
  readonly dir: StateDir;
  /** Client without a credential. */
  readonly client: ControllerClient;
  readonly changes: ChangeLog;
  readonly log: Log;
}

/**
 * The node's secret, and its replacement when an operator asks for it. The new secret is on disk before the controller
 * hears of it, and used only after the controller has said that it knows it: whatever is lost on the way, one that works
 * is on disk.
 */
export class SecretKeeper {
  /** What clients show; it is read at every call, so that all of them go on with the new secret. */
  readonly credential: { readonly kind: "node"; secret: string };
  #identity: Identity;
  #changing: Promise<void> | undefined;
  /** Revision of this node's record that asked for what was done last: until the controller tells a newer one it goes on asking. */
  #answered = -1;

  constructor(private readonly parts: SecretKeeperParts, identity: Identity) {
    this.#identity = identity;
    this.credential = { kind: "node", secret: identity.secret };
  }

  /** Who this node is. */
  get identity(): Identity {
    return this.#identity;
  }

  /** Takes over what enrolling again gave. */
  enrolled(identity: Identity): void {
    this.#identity = identity;
    this.credential.secret = identity.secret;
  }

  /** Replaces the secret in the background when that was asked for, or was begun and not finished. */
  look(snapshot: Snapshot): void {
    if (this.#changing !== undefined) return;
    const number = this.#identity.enrolled?.self.number;
    const own = snapshot.peers.find((peer) => peer.number === number);
    const asked = own?.rotateSecret === true && own.revision !== this.#answered;
    if (!asked && this.#identity.next === undefined) return;
    const answered = asked ? own.revision : this.#answered;
    this.#changing = this.#change(answered).finally(() => this.#changing = undefined);
  }

  /** Resolves when nothing is being changed. */
  async idle(): Promise<void> {
    await this.#changing;
  }

  async #change(answered: number): Promise<void> {
    const { client, changes, log } = this.parts;
    try {
      const next = this.#identity.next ?? newSecret();
      await this.#keep({ ...this.#identity, next });
      await client.as(this.credential).rotateSecret(next);
      const { next: _, ...rest } = this.#identity;
      await this.#keep({ ...rest, secret: next });
      this.credential.secret = next;
      this.#answered = answered;
      changes.over("secret", "the node's secret could be changed at last");
      log("info", "this node has a new secret");
    } catch (error) {
      changes.say("secret", "warning", `${messageOf(error)}; the old one stays in use`);
    }
  }

  async #keep(identity: Identity): Promise<void> {
    await remember(this.parts.dir, { file: FILES.identity, value: identity });
    this.#identity = identity;
  }
}
