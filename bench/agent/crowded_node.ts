import type { HostName } from "../../lib/model/host_name.ts";
import type { IpAddress } from "../../lib/model/address.ts";
import type { WgKey } from "../../lib/model/wg_key.ts";
import type { NodeReport } from "../../lib/model/node.ts";
import { type NodeStatus, nodeStatusSchema } from "../../lib/model/node_status.ts";
import { VERSION } from "../../lib/model/version.ts";
import type { Background } from "../../test/lab/background.ts";
import type { LabHost } from "../../test/lab/lab_host.ts";
import { Mesh, STATE_DIR } from "../../test/lab/mesh.ts";
import { waitFor } from "../../test/lab/wait_for.ts";
import { World } from "../../test/lab/world.ts";

/** What one look at the host cost. */
export interface Look {
  /** Processor time of the agent's own process, milliseconds. */
  readonly cpuMs: number;
  readonly programs: number;
  readonly writes: number;
}

/** A node with many peers that are enrolled but do not exist. */
export class CrowdedNode implements AsyncDisposable {
  #last = 0;

  private constructor(
    private readonly world: World,
    private readonly mesh: Mesh,
    private readonly host: LabHost,
    private readonly agent: Background,
  ) {}

  /** Starts a controller, enrols `peers` nodes that do not exist, starts an agent, and waits until it has nothing left to do. */
  static async start(peers: number, say: (line: string) => void): Promise<CrowdedNode> {
    const world = await World.create({ nodes: 1 });
    const mesh = await Mesh.start(world);
    const host = world.nodes[0]!;
    say(`enrolling ${peers} peers`);
    const node = new CrowdedNode(world, mesh, host, await mesh.startAgent(host));
    await node.#enrol(peers);
    say("waiting until the agent has nothing left to do");
    await waitFor("the agent has nothing left to do", async () => {
      const { peers: known, reconcile } = await mesh.status(host);
      return known.length === peers && reconcile.done === 0 && reconcile.failed.length === 0;
    }, { deadlineS: 300, everyMs: 1000 });
    return node;
  }

  /** Has the agent look at its host once, and returns what that cost. */
  async look(): Promise<Look> {
    const before = (await this.mesh.status(this.host)).reconcile.at;
    const cpu = await this.#cpuMs();
    await this.agent.signal("HUP");
    const after = await waitFor("the agent has looked", async () => {
      const status = await this.mesh.status(this.host);
      return status.reconcile.at !== before && status;
    }, { everyMs: 500 });
    return { cpuMs: await this.#cpuMs() - cpu, ...countsOf(after) };
  }

  /** Adds one peer and returns what the agent ran because of it, in all turns of its loop together. */
  async addPeer(): Promise<{ readonly writes: number; readonly batches: number }> {
    const known = (await this.#status()).peers.length;
    const said = this.agent.output.length;
    const writes = new Map<string, number>();
    const enrolling = this.#enrol(1);
    await waitFor("the agent has taken the peer in", async () => {
      const { peers, reconcile } = await this.#status();
      writes.set(reconcile.at, reconcile.writes ?? 0);
      return peers.length > known && reconcile.done === 0;
    }, { everyMs: 10 });
    await enrolling;
    const lines = this.agent.output.slice(said).split("\n");
    return {
      writes: [...writes.values()].reduce((sum, one) => sum + one, 0),
      batches: batchesOf(lines),
    };
  }

  /** Processor time that the agent takes in `seconds` of quiet, milliseconds. */
  async idle(seconds: number): Promise<number> {
    const before = await this.#cpuMs();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return await this.#cpuMs() - before;
  }

  /** Resident memory of the agent, MiB. */
  async rssMib(): Promise<number> {
    const text = await this.host.exec(["cat", `/proc/${await this.#pid()}/status`]);
    return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024;
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
  }

  /** What the agent wrote last; read without meshover's own command, which takes longer than a turn of the loop. */
  async #status(): Promise<NodeStatus> {
    return nodeStatusSchema.parse(
      JSON.parse(await this.host.exec(["cat", `${STATE_DIR}/status.json`])),
    );
  }

  async #pid(): Promise<string> {
    const found = await this.host.exec([
      "pgrep",
      "-o",
      "-f",
      "meshover agent|main.ts agent|[ ]agent --controlserver",
    ]);
    return found.trim();
  }

  /** From the scheduler's own count, in nanoseconds: /proc/PID/stat knows only hundredths of a second. */
  async #cpuMs(): Promise<number> {
    const text = await this.host.shell(`cat /proc/${await this.#pid()}/task/*/schedstat`);
    const spent = text.trim().split("\n").map((line) => Number(line.split(" ")[0]));
    return spent.reduce((sum, one) => sum + one, 0) / 1e6;
  }

  /** Enrols nodes that do not exist, from the controller's host. */
  async #enrol(count: number): Promise<void> {
    const requests = Array.from({ length: count }, () => requestOf(++this.#last));
    const file = "/run/enrol.json";
    await this.world.controller.exec(["sh", "-c", `cat > ${file}`], {
      stdin: requests.map((r) => JSON.stringify(r)).join("\n") + "\n",
    });
    await this.world.controller.exec([
      "sh",
      "-ec",
      `while read -r line; do
         printf '%s' "$line" | curl -sSf -o /dev/null -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -d @- "$2/v1/enrol"
       done < ${file}`,
      "enrol",
      await this.mesh.token(),
      this.mesh.url,
    ], { deadlineS: 300 });
  }
}

function countsOf(status: NodeStatus): Omit<Look, "cpuMs"> {
  const { programs, writes } = status.reconcile;
  if (programs === undefined || writes === undefined) {
    throw new Error("The agent does not count its programs");
  }
  return { programs, writes };
}

/** Changes that `ip` makes; those that follow each other are one batch. */
const BY_IP = /(add|delete|set|bring) (device|address|route|rule|MTU|\S+ up)/;

/** Runs of changes in the log that `ip` made. */
function batchesOf(lines: readonly string[]): number {
  const made = lines.filter((line) => line.includes('"level":"info"')).map((line) =>
    BY_IP.test(line)
  );
  return made.filter((byIp, i) => byIp && made[i - 1] !== true).length;
}

function hex(number: number): string {
  return number.toString(16).padStart(64, "0");
}

function requestOf(number: number): { name: HostName; secret: string; report: NodeReport } {
  const report: NodeReport = {
    publicKey: `${btoa(String(number).padStart(30, "k")).slice(0, 40)}AAA=` as WgKey,
    port: 12912,
    candidates: [`198.18.${number >> 8}.${number & 255}` as IpAddress],
    tunnels: ["vxlan"],
    wg: "userspace",
    underlayMtu: 1500,
    gathers: [],
    version: VERSION,
  };
  return { name: `far${number}` as HostName, secret: hex(number), report };
}
