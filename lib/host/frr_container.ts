import { StateError } from "../model/errors.ts";
import { type Container, type ContainerEngine, Engine } from "./container.ts";
import type { Exec } from "./exec.ts";
import { type FrrBackend, missingDaemons, type VtyshOptions } from "./frr_backend.ts";

/** The image that is run unless another is named; a tag that never moves. */
export const DEFAULT_FRR_IMAGE = "quay.io/frrouting/frr:10.3.1";

/** Files of `/etc/frr` in the container. The configuration itself comes by vtysh. */
const FILES: Readonly<Record<string, string>> = {
  "vtysh.conf": "service integrated-vtysh-config\n",
  // docker-start of FRR's images ends at once without this file. -P 0: no telnet ports in the host's network.
  "daemons": [
    "bgpd=yes",
    "bfdd=yes",
    "vtysh_enable=yes",
    'zebra_options="-P 0 -s 90000000"',
    'bgpd_options="-P 0"',
    'bfdd_options="-P 0"',
    'staticd_options="-P 0"',
    "",
  ].join("\n"),
};

/**
 * What FRR's daemons ask the kernel for when they start: routes and devices, raw sockets, namespaces of VRFs. No more than
 * that, in place of `--privileged`.
 */
const CAPABILITIES = ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"] as const;

const ANSWER_TIMEOUT_MS = 60_000;
const ASK_MS = 100;

/** How FRR's container is run. */
export interface FrrContainerParts {
  readonly engine: ContainerEngine;
  readonly exec: Exec;
  /** Host name of the node. */
  readonly node: string;
  /** Directory that becomes `/etc/frr` in the container; made when it is not there. */
  readonly configDir: string;
  /** {@link DEFAULT_FRR_IMAGE} unless told. */
  readonly image?: string | undefined;
  /** Told what takes time. */
  readonly log: (line: string) => void;
}

/**
 * FRR in a container in the host's network. The container outlives the agent; it is found again by its label, and
 * replaced only when its image or its files changed.
 */
export class FrrContainer implements FrrBackend {
  readonly name: ContainerEngine;
  readonly #exec: Exec;
  readonly #engine: Engine;
  readonly #parts: FrrContainerParts;
  /** Whether this process has seen that the container is up to date; only a new one may want another. */
  #known = false;

  constructor(parts: FrrContainerParts) {
    this.name = parts.engine;
    this.#exec = parts.exec;
    this.#engine = new Engine(parts);
    this.#parts = parts;
  }

  get #container(): string {
    return `meshover-frr-${this.#parts.node}`;
  }

  get #image(): string {
    return this.#parts.image ?? DEFAULT_FRR_IMAGE;
  }

  vtysh(args: readonly string[], options: VtyshOptions = {}): readonly string[] {
    const stdin = options.stdin ? ["-i"] : [];
    return [this.name, "exec", ...stdin, this.#container, "vtysh", ...args];
  }

  async ensureRunning(): Promise<{ readonly started: boolean }> {
    if (await this.#answers()) {
      if (this.#known) return { started: false };
      return { started: await this.#replaceOutdated() };
    }
    const started = await this.#ensureContainer();
    await this.#waitForAnswer();
    this.#known = true;
    return { started };
  }

  /** FRR's watchfrr, which the container runs, starts what ends. */
  async restartMgmtd(): Promise<boolean> {
    const kill = 'kill "$(cat /var/run/frr/mgmtd.pid)"';
    const { code } = await this.#exec.run([this.name, "exec", this.#container, "sh", "-c", kill]);
    return code === 0;
  }

  async stop(): Promise<void> {
    for (const { id } of await this.#engine.find(this.#parts.node)) await this.#engine.remove(id);
    try {
      await Deno.remove(this.#parts.configDir, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  describe(): Promise<string> {
    return Promise.resolve(`${this.name} container ${this.#container} (${this.#image})`);
  }

  /**
   * Replaces a container that answers but was made from another image or other files. One that cannot be replaced goes
   * on: it carries the node's traffic.
   */
  async #replaceOutdated(): Promise<boolean> {
    this.#known = true;
    const [found] = await this.#engine.find(this.#parts.node);
    if (found === undefined || found.config === await this.#version()) return false;
    try {
      this.#parts.log(`replacing ${this.#container}: its image or its files changed`);
      await this.#ensureContainer();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.#parts.log(`the old container goes on: ${error.message}`);
      return false;
    }
    await this.#waitForAnswer();
    return true;
  }

  /** Returns whether anything had to be started. */
  async #ensureContainer(): Promise<boolean> {
    const version = await this.#version();
    const found = await this.#engine.find(this.#parts.node);
    const current = found.find(({ config }) => config === version);
    const old = found.filter((container) => container !== current);
    if (current === undefined) await this.#engine.ensureImage(this.#image);
    for (const { id } of old) await this.#engine.remove(id);
    if (current === undefined) {
      await this.#make(version);
      return true;
    }
    return await this.#revive(current);
  }

  async #revive(container: Container): Promise<boolean> {
    if (container.running) return false;
    await this.#engine.start(container.id);
    return true;
  }

  async #make(version: string): Promise<void> {
    const { configDir, node } = this.#parts;
    await Deno.mkdir(configDir, { recursive: true, mode: 0o755 });
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${configDir}/${name}`, text, { mode: 0o644 });
    }
    await this.#engine.run({
      name: this.#container,
      node,
      image: this.#image,
      config: version,
      options: [
        ...CAPABILITIES.flatMap((capability) => ["--cap-add", capability]),
        "-v",
        `${configDir}:/etc/frr`,
      ],
    });
  }

  /** Changes with everything that the container is made from. */
  async #version(): Promise<string> {
    const made = JSON.stringify([this.#image, FILES, CAPABILITIES, this.#parts.configDir]);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made));
    return [...new Uint8Array(hash).slice(0, 8)]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async #answers(): Promise<boolean> {
    const shown = await this.#exec.run(this.vtysh(["-c", "show daemons"]));
    return shown.code === 0 && missingDaemons(shown.stdout).length === 0;
  }

  async #waitForAnswer(): Promise<void> {
    for (let waited = 0; waited < ANSWER_TIMEOUT_MS; waited += ASK_MS) {
      if (await this.#answers()) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    throw new StateError(
      `FRR in ${await this.describe()} did not answer within ${
        ANSWER_TIMEOUT_MS / 1000
      } s; "${this.name} logs ${this.#container}" says why`,
    );
  }
}
