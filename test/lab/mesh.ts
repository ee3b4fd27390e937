import { type NodeStatus, nodeStatusSchema } from "../../lib/model/node_status.ts";
import type { Background } from "./background.ts";
import type { LabHost } from "./lab_host.ts";
import { productCommand } from "./product.ts";
import type { NodeAddress } from "./node_address.ts";
import type { ProgramOptions, ProgramResult } from "./run_program.ts";
import { waitFor } from "./wait_for.ts";
import { waitForMesh } from "./wait_for_mesh.ts";
import type { World } from "./world.ts";

/** Where an agent in the lab keeps its state: a folder of the host's own. */
export const STATE_DIR = "/run/meshover";

/** Where the controller in the lab keeps its database. */
const CONTROLLER_DIR = "/run/meshover-controller";

const PORT = 8080;
/** Admin password of the lab's controllers. */
export const LAB_PASSWORD = "lab-password";

/** Words added to what agents are started with. */
export interface MeshOptions {
  /** For every agent, for example `["--tunnel", "vxlan"]`. */
  readonly agentArgs?: readonly string[];
  /** For the controller, for example `["--route-policy", "approve"]`. */
  readonly controllerArgs?: readonly string[];
  /** Told every line that the controller and the agents print, with the name of who printed it. */
  readonly onLine?: (who: string, line: string) => void;
}

/**
 * For what counts packets and is not about BFD: its default gives a path up after 0.9 s, for which a busy machine may stand still
 * by itself.
 */
export const PATIENT_BFD: MeshOptions = { agentArgs: ["--bfd", "wan"] };

/** meshover on a world: its controller and its agents, all driven through the command line that users have. */
export class Mesh {
  readonly world: World;
  readonly #options: MeshOptions;
  readonly #agents = new Map<string, Background>();
  #controller: Background | undefined;
  #token: string | undefined;

  /** A mesh of which nothing is started yet. */
  constructor(world: World, options: MeshOptions = {}) {
    this.world = world;
    this.#options = options;
  }

  /** Starts a controller and makes an agent token. */
  static async start(world: World, options: MeshOptions = {}): Promise<Mesh> {
    const mesh = new Mesh(world, options);
    await mesh.startController();
    await mesh.token();
    return mesh;
  }

  /** URL of the controller on the underlay. */
  get url(): string {
    return `http://${this.world.controllerAddress}:${PORT}`;
  }

  /** The running controller. */
  get controller(): Background {
    if (this.#controller === undefined) throw new Error("The controller was never started");
    return this.#controller;
  }

  /** Words of the command that starts the controller, without the executable. */
  get controllerArgs(): string[] {
    const listen = `${this.world.controllerAddress}:${PORT}`;
    const own = ["--listen", listen, "--statefile", CONTROLLER_DIR, "--insecure-http"];
    return ["controller", ...own, ...this.#options.controllerArgs ?? []];
  }

  /**
   * Starts the controller and waits until it listens, or has ended; a stopped one continues with its database, and with other
   * flags when `extra` says so.
   */
  async startController(extra: readonly string[] = []): Promise<void> {
    const host = this.world.controller;
    await host.exec(["mkdir", "-p", CONTROLLER_DIR]);
    const controller = host.start([...productCommand(), ...this.controllerArgs, ...extra], {
      name: "controller",
      env: { MESHOVER_PASSWORD: LAB_PASSWORD },
      onLine: (line) => this.#options.onLine?.("controller", line),
    });
    this.#controller = controller;
    const listens = () => /\blistening on\b/.test(controller.output) || !controller.running;
    await waitFor("the controller listens", () => Promise.resolve(listens()), { everyMs: 20 });
  }

  /** Stops the controller. */
  async stopController(signal: "TERM" | "KILL" = "TERM"): Promise<void> {
    await this.controller.stop({ signal });
  }

  /** A reusable agent token, made once; waits until the controller answers. */
  async token(): Promise<string> {
    if (this.#token !== undefined) return this.#token;
    const token = await waitFor("the controller makes a token", async () => {
      if (!this.controller.running) return null;
      const { code, stdout, stderr } = await this.admin(["token", "gen"]);
      const found = /^\S+ ([0-9a-f]+)\s*$/.exec(stdout)?.[1];
      if (code !== 0 || found === undefined) throw new Error(`exit ${code}: ${stderr}${stdout}`);
      return found;
    });
    if (token === null) throw new Error(`The controller ended:\n${this.controller.output}`);
    this.#token = token;
    return this.#token;
  }

  /** Runs a command of the administrator on the controller's host. */
  admin(args: readonly string[]): Promise<ProgramResult> {
    const server = ["--controlserver", this.url, "--insecure-http"];
    const argv = [...productCommand(), ...args, ...server];
    return this.world.controller.tryExec(argv, { env: { MESHOVER_PASSWORD: LAB_PASSWORD } });
  }

  /** Words that start an agent on `host`, without the executable and the token (which goes into the environment). */
  agentArgs(host: LabHost, extra: readonly string[] = []): string[] {
    const own = [
      "--hostname",
      host.name,
      "--frr",
      "system",
      "--statedir",
      STATE_DIR,
      "--insecure-http",
    ];
    return [
      "agent",
      "--controlserver",
      this.url,
      ...own,
      ...(this.#options.agentArgs ?? []),
      ...extra,
    ];
  }

  /** Starts an agent that keeps running. */
  async startAgent(host: LabHost, extra: readonly string[] = []): Promise<Background> {
    const agent = host.start([...productCommand(), ...this.agentArgs(host, extra)], {
      name: host.name,
      env: { MESHOVER_AGENTTOKEN: await this.token() },
      onLine: (line) => this.#options.onLine?.(host.name, line),
    });
    this.#agents.set(host.name, agent);
    return agent;
  }

  /**
   * Waits until the nodes (all by default) ping each other by node address, and returns the addresses by name.
   * Fails at once when the controller or one of the agents ends.
   */
  async settle(
    hosts: readonly LabHost[] = this.world.nodes,
    options: { readonly deadlineS?: number } = {},
  ): Promise<Map<string, NodeAddress>> {
    const ends = hosts.map(async (host) => {
      const agent = this.agent(host);
      const code = await agent.ended;
      throw new Error(`The agent on ${host.name} ended with ${code}:\n${agent.output.trim()}`);
    });
    const { controller } = this;
    if (controller.running) {
      ends.push(controller.ended.then((code) => {
        throw new Error(`The controller ended with ${code}:\n${controller.output.trim()}`);
      }));
    }
    return await Promise.race([waitForMesh(hosts, options), ...ends]);
  }

  /** The agent last started on `host`. */
  agent(host: LabHost): Background {
    const agent = this.#agents.get(host.name);
    if (agent === undefined) throw new Error(`No agent was started on ${host.name}`);
    return agent;
  }

  /** Runs any command of meshover on a host to its end. */
  run(
    host: LabHost,
    args: readonly string[],
    options: ProgramOptions = {},
  ): Promise<ProgramResult> {
    return host.tryExec([...productCommand(), ...args], options);
  }

  /** What `meshover status` says on a node, as soon as its agent has told it. */
  async status(host: LabHost): Promise<NodeStatus> {
    const argv = ["status", "--statedir", STATE_DIR, "--json"];
    return await waitFor(`${host.name} tells its status`, async () => {
      const { code, stdout, stderr } = await this.run(host, argv);
      if (code !== 0) throw new Error(`exit ${code}: ${stderr.trim()}`);
      return nodeStatusSchema.parse(JSON.parse(stdout));
    }, { deadlineS: 30 });
  }

  /** Stops the agent and takes meshover off the node. */
  async down(host: LabHost): Promise<void> {
    await this.#agents.get(host.name)?.stop();
    await host.exec([...productCommand(), "down", "--statedir", STATE_DIR]);
  }
}
