import { FILES } from "../lib/agent/memory.ts";
import { parsePrefix } from "../lib/model/prefix.ts";
import { localStatusSchema } from "../lib/agent/local_status.ts";
import { LabHost } from "../test/lab/lab_host.ts";
import { STATE_DIR } from "../test/lab/mesh.ts";
import { productCommand } from "../test/lab/product.ts";
import { applyScript } from "./apply_script.ts";
import { crowdPeer } from "./crowd_peer.ts";

/** What bringing up a node with many peers took, milliseconds. */
export interface ApplySample {
  /** The agent, from its first look at the host to its last command. */
  readonly agentMs: number;
  /** The same commands, written down before, from a shell script. */
  readonly kernelMs: number;
}

const SELF = 1;

/**
 * Brings a node up that has heard of `peers` others: by an agent without a controller, from what it remembers of the mesh, and
 * by a script. Without FRR, so that only the kernel is asked for something.
 */
export async function applySamples(
  options: { readonly peers: number; readonly samples: number },
  say: (line: string) => void,
): Promise<ApplySample[]> {
  const samples: ApplySample[] = [];
  for (let i = 1; i <= options.samples; i++) {
    const kernelMs = await onHost((host) => byScript(host, options.peers));
    const agentMs = await onHost((host) => byAgent(host, options.peers));
    samples.push({ agentMs, kernelMs });
    say(`${options.peers} peers: agent ${agentMs} ms, script ${kernelMs} ms (${i})`);
  }
  return samples;
}

/** On a host of its own with one underlay device, which is gone afterwards. */
async function onHost(measure: (host: LabHost) => Promise<number>): Promise<number> {
  const host = await LabHost.create("crowd");
  try {
    await host.shell(`
      ip link add eth0 type bridge
      ip addr add 192.0.2.1/24 dev eth0
      ip link set eth0 up
      ip route add default via 192.0.2.254
      mkdir -p ${STATE_DIR}; chmod 700 ${STATE_DIR}`);
    return await measure(host);
  } finally {
    await host.remove();
  }
}

function others(count: number): ReturnType<typeof crowdPeer>[] {
  return Array.from({ length: count }, (_, i) => crowdPeer(SELF + 1 + i));
}

async function byScript(host: LabHost, peers: number): Promise<number> {
  const script = await applyScript(host, { self: crowdPeer(SELF), peers: others(peers) });
  const started = performance.now();
  await host.exec(["sh", "-e"], { stdin: script, deadlineS: 120 });
  return performance.now() - started;
}

async function byAgent(host: LabHost, peers: number): Promise<number> {
  const self = crowdPeer(SELF);
  const mesh = {
    tunnelPools: [parsePrefix("10.192.0.0/12")],
    nodePools: [parsePrefix("10.128.0.0/12"), parsePrefix("fd00:beef:beef::/48")],
  };
  const { number, name, asn, addresses, tunnelAddress } = self;
  const enrolled = { self: { number, name, asn, addresses, tunnelAddress }, mesh };
  const snapshot = { meshId: "crowd", revision: peers, mesh, peers: [self, ...others(peers)] };
  const files = {
    [FILES.identity.name]: { secret: "0".repeat(64), enrolled },
    [FILES.snapshot.name]: snapshot,
  };
  for (const [file, value] of Object.entries(files)) {
    await host.exec(["sh", "-c", `cat > ${STATE_DIR}/${file}`], { stdin: JSON.stringify(value) });
  }
  // Nobody listens there: the mesh is the one that it remembers.
  const controller = ["--controlserver", "http://127.0.0.1:9"];
  const argv = ["agent", ...controller, "--hostname", name, "--frr", "none", "--once"];
  await host.exec([...productCommand(), ...argv, "--statedir", STATE_DIR], { deadlineS: 300 });
  const status = await host.exec(["cat", `${STATE_DIR}/status.json`]);
  const { reconcile } = localStatusSchema.parse(JSON.parse(status));
  if (reconcile.failed.length > 0) {
    throw new Error(`The agent could not ${reconcile.failed[0]!.change}`);
  }
  return reconcile.tookMs;
}
