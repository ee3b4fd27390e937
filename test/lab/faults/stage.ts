import { fileURLToPath } from "node:url";
import { localStatusSchema } from "../../../lib/agent/local_status.ts";
import type { Background } from "../background.ts";
import type { LabHost } from "../lab_host.ts";
import type { Lab } from "../lab.ts";
import { LAB_PASSWORD, type Mesh, type MeshOptions, STATE_DIR } from "../mesh.ts";
import { productCommand } from "../product.ts";
import { waitFor } from "../wait_for.ts";
import { waitForMesh } from "../wait_for_mesh.ts";
import { FaultPrograms } from "./fault_programs.ts";
import { PairTraffic } from "./pair_traffic.ts";

const PHANTOM = fileURLToPath(new URL("./phantom.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));

/** Three nodes with traffic between all pairs; faults happen to the first. */
export class Stage {
  #agent: Background | undefined;
  #lines: string[] = [];
  #traffic: PairTraffic | undefined;

  private constructor(
    readonly mesh: Mesh,
    readonly programs: FaultPrograms,
    private readonly onLine: MeshOptions["onLine"],
  ) {}

  /** Brings three nodes up, as the options say, and waits until every pair answers. */
  static async create(lab: Lab, options: MeshOptions = {}): Promise<Stage> {
    const mesh = await lab.mesh(3, options);
    const { world } = mesh;
    const node = world.node("node1");
    // A file system of its own, small enough to be filled.
    await node.shell(`mount -t tmpfs -o size=512k,mode=700 state ${STATE_DIR}`);
    const stage = new Stage(mesh, await FaultPrograms.install(node), options.onLine);
    await Promise.all(world.nodes.filter((h) => h !== node).map((h) => mesh.startAgent(h)));
    await stage.startAgent();
    const addresses = await waitForMesh(world.nodes);
    stage.#traffic = await PairTraffic.start(world.nodes, addresses);
    return stage;
  }

  /** The node that faults happen to. */
  get node(): LabHost {
    return this.mesh.world.node("node1");
  }

  /** Its agent, running or not. */
  get agent(): Background {
    if (this.#agent === undefined) throw new Error("The agent was never started");
    return this.#agent;
  }

  /** Traffic between all pairs. */
  get traffic(): PairTraffic {
    if (this.#traffic === undefined) throw new Error("There is no traffic yet");
    return this.#traffic;
  }

  /** Starts the agent of the faulty node. */
  async startAgent(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#agent = this.node.start([...productCommand(), ...this.mesh.agentArgs(this.node)], {
      name: "node1",
      env: { MESHOVER_AGENTTOKEN: await this.mesh.token(), ...env },
      onLine: (line) => {
        this.#lines.push(line);
        this.onLine?.("node1", line);
      },
    });
  }

  /** Warnings and errors that the agent of the faulty node has logged since the last call, each once. */
  takeSaid(): readonly string[] {
    const said = this.#lines.splice(0).flatMap((line) => {
      try {
        const { level, message } = JSON.parse(line) as { level: string; message: string };
        return level === "info" ? [] : [message];
      } catch {
        return [line];
      }
    });
    return [...new Set(said)];
  }

  /** Lets a node join that exists on paper only. */
  async enrolPhantom(name: string): Promise<void> {
    await this.#phantom([await this.mesh.token(), "enrol", name]);
  }

  /** Takes it away again. */
  async removePhantom(name: string): Promise<void> {
    await this.#phantom([LAB_PASSWORD, "remove", name]);
  }

  /**
   * Waits until every pair answers and the agent has looked at the host after `since` and found nothing that it cannot do.
   * @returns seconds since `since`
   */
  async converge(since: Date): Promise<number> {
    await waitForMesh(this.mesh.world.nodes);
    await waitFor("the agent is content", async () => {
      const text = await this.node.exec(["cat", `${STATE_DIR}/status.json`]);
      const { at, reconcile } = localStatusSchema.parse(JSON.parse(text));
      return Date.parse(at) > since.getTime() && reconcile.failed.length === 0;
    });
    const took = (Date.now() - since.getTime()) / 1000;
    // By another agent's eyes, and after the clock was stopped: this takes a second by itself.
    await waitFor("nothing is left to do", () => this.nothingToDo());
    return took;
  }

  /** Waits until the agent follows its controller again: what comes next would be no news to it before. */
  async connected(): Promise<void> {
    await waitFor("the agent has its controller again", async () => {
      const text = await this.node.exec(["cat", `${STATE_DIR}/status.json`]);
      return localStatusSchema.parse(JSON.parse(text)).controller.state === "connected";
    }, { deadlineS: 120 });
  }

  /** Whether an agent that came now would find nothing to do on the faulty node. */
  async nothingToDo(): Promise<boolean> {
    const args = [...this.mesh.agentArgs(this.node), "--dry-run"];
    const { code, stdout, stderr } = await this.mesh.run(this.node, args);
    if (code !== 0 || stdout.trim() !== "nothing to do") throw new Error(`${stdout}${stderr}`);
    return true;
  }

  /** Runs `meshover down` on the faulty node. */
  async down(): Promise<void> {
    await this.node.exec([...productCommand(), "down", "--statedir", STATE_DIR]);
  }

  async #phantom(args: readonly string[]): Promise<void> {
    const run = [Deno.execPath(), "run", "--quiet", "--cached-only", "--config", CONFIG];
    const argv = [...run, "--allow-net", "--allow-env", PHANTOM, this.mesh.url, ...args];
    await this.mesh.world.controller.exec(argv);
  }
}
