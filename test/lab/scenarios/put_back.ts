import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { patient } from "../patience.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

/** What somebody does to a node, and what shows that it was put back. */
interface Damage {
  readonly what: string;
  readonly script: string;
  /** A command that succeeds once all is as before. */
  readonly mended: string;
  /** Seconds after which the agent notices at the latest, where the kernel tells nobody; 0 unless told. */
  readonly noticedS?: number;
}

/** Seconds in which what was noticed has to be put back. */
const PUT_BACK_S = 2;
/** What a test machine that others use may need besides; all in all less than the agent's timer of ten seconds. */
const BUSY_S = 4;

/** Ends daemons of FRR and waits until they are gone: till then the old ones may answer, as if they had been put back. */
function ended(signal: "-TERM" | "-KILL", ...daemons: readonly string[]): string {
  const files = daemons.map((daemon) => `/run/frr/${daemon}.pid`).join(" ");
  return `old=$(cat ${files}); kill ${signal} $old
    for pid in $old; do while kill -0 $pid 2> /dev/null; do sleep 0.05; done; done`;
}

const DAMAGES: readonly Damage[] = [
  {
    what: "a tunnel is deleted",
    script: "ip link del $tunnel",
    mended: "ip -o link show $tunnel | grep -q ,UP",
  },
  {
    what: "the node's address is deleted",
    script: "ip addr del $v4/32 dev dummy-meshover0",
    mended: "ip -o addr show dummy-meshover0 | grep -q $v4",
  },
  {
    what: "the way to a peer's tunnel address is deleted",
    script: "ip route flush proto 129",
    mended: "ip route show proto 129 | grep -q meshover0",
  },
  {
    what: "nftables are flushed",
    script: "nft flush ruleset",
    mended: "nft list table inet meshover",
  },
  {
    what: "forwarding is turned off",
    script: "sysctl -qw net.ipv4.ip_forward=0",
    mended: "sysctl -n net.ipv4.ip_forward | grep -q 1",
  },
  {
    what: "the WireGuard device is deleted",
    script: "ip link del meshover0",
    mended: "wg show meshover0 endpoints | grep -q :",
  },
  {
    what: "a peer of WireGuard is removed",
    script: "for p in $(wg show meshover0 peers); do wg set meshover0 peer $p remove; done",
    mended: "wg show meshover0 endpoints | grep -q :",
    noticedS: 3,
  },
  {
    what: "a rule is deleted",
    // It is not there while the gatherer's session is coming back from what was done before.
    script: "until ip rule del pref 5199 2> /dev/null; do sleep 0.1; done",
    mended: "ip rule show | grep -q '^5199:'",
  },
  {
    what: "bgpd is killed",
    script: ended("-KILL", "bgpd"),
    mended: "vtysh -c 'show bgp summary' | grep -q meshover0-",
    noticedS: 1,
  },
  {
    what: "zebra is killed",
    script: ended("-KILL", "zebra"),
    mended:
      "vtysh -c 'show daemons' | grep -q zebra && vtysh -c 'show bgp summary' | grep -q meshover0-",
    noticedS: 1,
  },
  {
    what: "all of FRR is ended",
    script: ended("-TERM", "zebra", "bgpd", "bfdd"),
    mended: "vtysh -c 'show running-config' | grep -q 'neighbor fabric'",
    noticedS: 1,
  },
];

/** Whatever somebody takes away is put back, and the node is reached again. */
export const putBack: Scenario = {
  name: "what somebody deletes is put back: device, peer, address, route, rules, parameter, daemon",
  places: PLACES,
  deadlineS: 240,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [node, other] = mesh.world.nodes as [LabHost, LabHost];
    await mesh.startAgent(node);
    // So that the node has rules.
    await mesh.startAgent(other, ["--gathering", "198.18.7.0/24"]);
    const addresses = await mesh.settle();
    await waitFor(
      "the node has rules",
      async () => (await node.shell("ip rule")).includes("5199:"),
    );
    const { v4 } = addresses.get(node.name)!;
    const listing = await node.shell("ip -o link show type vxlan; ip -o link show type gre");
    const tunnel = /(meshover0-\w+)/.exec(listing)?.[1];
    if (tunnel === undefined) throw new Error(`No tunnel on ${node.name}: ${listing}`);
    await node.shell(
      "ip link add mine type bridge; nft add table ip mine; ip route add 203.0.113.0/24 dev lo",
    );
    const variables = `tunnel=${tunnel} v4=${v4}\n`;
    const late: string[] = [];
    for (const { what, script, mended, noticedS = 0 } of DAMAGES) {
      await node.shell(variables + script);
      const since = performance.now();
      await waitFor(`${what}: put back`, async () => {
        const { code } = await node.tryExec(["sh", "-ec", variables + mended]);
        return code === 0;
      });
      const tookS = (performance.now() - since) / 1000;
      if (tookS > patient(noticedS + PUT_BACK_S + BUSY_S)) {
        late.push(`${what}: ${tookS.toFixed(1)} s`);
      }
      await reach(other, [v4]);
    }
    assert.deepEqual(late, [], "everything is put back in time");
    // What is somebody else's stays: the bridge and the route (the flush of nftables took the table, as was wanted).
    await node.shell("ip link show mine && ip route show 203.0.113.0/24 | grep -q lo");
  },
};
