import { groupChanges } from "../lib/agent/apply.ts";
import { observe } from "../lib/agent/observe.ts";
import { SystemExec } from "../lib/host/exec.ts";
import { ipBatchLines } from "../lib/host/ip_batch.ts";
import { probeCapabilities } from "../lib/host/probe.ts";
import { makePrivateKey, publicKeyOf, wgConfigText } from "../lib/host/wg.ts";
import type { Peer } from "../lib/model/node.ts";
import type { Change } from "../lib/plan/change.ts";
import { chooseParts } from "../lib/plan/choose_parts.ts";
import { firewallText } from "../lib/plan/firewall.ts";
import { reconcile } from "../lib/plan/reconcile.ts";
import { desiredState, type Self } from "../lib/plan/topology.ts";
import { findUnderlay } from "../lib/plan/underlay.ts";
import type { LabHost } from "../test/lab/lab_host.ts";

/** A shell script with the commands that bring up node `self` among `peers` on a host that has nothing yet. */
export async function applyScript(
  host: LabHost,
  mesh: { readonly self: Peer; readonly peers: readonly Peer[] },
): Promise<string> {
  const exec = new SystemExec(["nsenter", "-t", String(host.pid), "-m", "-u", "-n", "-p", "--"]);
  const parts = chooseParts({ wg: "auto", tunnel: "auto" }, await probeCapabilities(exec));
  const { network, state } = await observe(exec);
  const privateKey = await makePrivateKey(exec);
  const self: Self = {
    assignment: mesh.self,
    report: {
      ...mesh.self,
      wg: parts.wg,
      tunnels: [...parts.tunnels],
      publicKey: await publicKeyOf(exec, privateKey),
    },
    underlay: findUnderlay(network, { choices: [], overlay: [] }),
    seenAddress: null,
    dummy: parts.dummy,
  };
  const { outwardDevices } = network;
  const { tunnelAddress } = mesh.self;
  const firewall = { tunnelAddress, wgPort: 12912, guard: true, natSources: [], outwardDevices };
  const desired = desiredState(self, mesh.peers, {
    raDevices: [],
    coilVrf: false,
    gathering: { rules: [], routes: [] },
    frr: undefined,
    nft: { text: firewallText(firewall) },
  });
  const context = { nowS: 0, frr: { applied: undefined }, nftApplied: undefined };
  return groupChanges(reconcile(desired, state, context))
    .map((group) => command(group, privateKey)).join("\n");
}

/** A command with the text that it reads. */
function reading(words: string, text: string): string {
  return `${words} << 'END'\n${text.trimEnd()}\nEND`;
}

function command({ by, changes }: ReturnType<typeof groupChanges>[number], key: string): string {
  if (by === "sysctl") return `sysctl -qw ${changes.map((c) => `${c.key}=${c.value}`).join(" ")}`;
  if (by === "ip") return reading("ip -batch -", changes.flatMap(ipBatchLines).join("\n"));
  const change: Change = changes[0];
  switch (change.kind) {
    case "wg.sync":
      return reading("wg syncconf meshover0 /dev/stdin", wgConfigText(change, key));
    case "nft.replace":
      return reading("nft -f -", change.text ?? "");
    case "link.add":
      return `wireguard-go ${change.link.name}; ip link set ${change.link.name} addrgenmode none`;
    default:
      throw new Error(`A node without FRR needs no ${change.kind}`);
  }
}
