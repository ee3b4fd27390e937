import assert from "node:assert/strict";
import { diagnose } from "../../lib/plan/doctor.ts";
import { facts } from "./doctor_fixture.ts";
import { judges } from "./doctor_judges.ts";

const { stateDir, frr, capabilities } = facts();

judges([
  {
    when: "not run as root",
    id: "root",
    change: { uid: 1000 },
    verdict: "failed",
    found: /user 1000/,
    remedy: /sudo/,
    alsoTouched: ["kernel"],
  },
  {
    when: "wg is missing",
    id: "programs",
    change: { programs: [{ program: "wg", version: undefined }] },
    verdict: "failed",
    found: /missing: wg/,
    remedy: /apt-get install wireguard-tools/,
  },
  {
    when: "the kernel has neither WireGuard nor GRE but userspace and VXLAN do",
    id: "kernel",
    change: {
      capabilities: { ...capabilities, wireguard: false, wireguardGo: true, gre: false },
      modulesOnDisk: ["wireguard"],
    },
    verdict: "warning",
    found: /no wireguard, no ip_gre; taken instead: WireGuard userspace, tunnels vxlan/,
    remedy: /modprobe -a wireguard \(/,
  },
  {
    when: "wireguard-go is of the versions that cut IPv6 addresses short",
    id: "wireguard-go",
    change: {
      wishes: { wg: "userspace", tunnel: "auto" },
      capabilities: { ...capabilities, wireguardGo: true },
      programs: [{ program: "wireguard-go", version: "0.0.20230223" }],
    },
    verdict: "warning",
    found: /0\.0\.20230223 sometimes sends to a wrong IPv6 address/,
    remedy: /--underlay ADDRESS/,
  },
  {
    when: "there is no WireGuard at all",
    id: "kernel",
    change: { capabilities: { ...capabilities, wireguard: false } },
    verdict: "failed",
    found: /wireguard-go is not installed/,
    remedy: /run a kernel with the modules/,
  },
  {
    when: "FRR is not installed",
    id: "frr",
    change: { frr: { ...frr, version: undefined, missingDaemons: ["zebra", "bgpd", "bfdd"] } },
    verdict: "failed",
    found: /FRR not installed/,
    remedy: /apt-get install frr/,
  },
  {
    when: "only FRR's bfdd is missing",
    id: "frr",
    change: { frr: { ...frr, missingDaemons: ["bfdd"] } },
    verdict: "failed",
    found: /bfdd not installed/,
    remedy: /frr/,
  },
  {
    when: "FRR is older than what meshover is tried with",
    id: "frr",
    change: { frr: { ...frr, version: "7.5.1" } },
    verdict: "warning",
    found: /7\.5\.1 is older than 8\.4/,
    remedy: /newer/,
  },
  {
    when: "the container engine does not run",
    id: "frr",
    change: {
      frr: {
        backend: "docker",
        version: "27.1",
        engineError: "Cannot connect to the Docker daemon",
        missingDaemons: [],
      },
    },
    verdict: "failed",
    found: /docker 27\.1 does not answer: Cannot connect/,
    remedy: /systemctl start docker/,
  },
  {
    when: "the state directory is damaged",
    id: "state",
    change: { stateDir: { ...stateDir, problem: "identity.json is damaged" } },
    verdict: "failed",
    found: /identity\.json is damaged/,
    remedy: /--statedir/,
  },
  {
    when: "others may read the private key",
    id: "state",
    change: { stateDir: { ...stateDir, exposed: ["wireguard.key"] } },
    verdict: "failed",
    found: /others than root may read wireguard\.key/,
    remedy: /chmod 600 \/var\/lib\/meshover\/wireguard\.key/,
  },
  {
    when: "others may look into the state directory",
    id: "state",
    change: { stateDir: { ...stateDir, open: true } },
    verdict: "warning",
    found: /may look into/,
    remedy: /chmod 700/,
  },
  {
    when: "the disk is nearly full",
    id: "state",
    change: { stateDir: { ...stateDir, freeBytes: 4096 } },
    verdict: "warning",
    found: /4 KiB left/,
    remedy: /free some space/,
  },
  {
    when: "the agent has stopped",
    id: "agent",
    change: { agent: { statusAgeS: 4000, failed: [] } },
    verdict: "warning",
    found: /nothing for 4000 s/,
    remedy: /systemctl start/,
  },
  {
    when: "the agent cannot do something",
    id: "agent",
    change: { agent: { statusAgeS: 2, failed: ["add device meshover0: no such device"] } },
    verdict: "failed",
    found: /cannot add device meshover0/,
    remedy: /meshover status/,
  },
]);

Deno.test("diagnose() says nothing of a wireguard-go that is old, not used, or has one family only", () => {
  const cutting = {
    wishes: { wg: "userspace", tunnel: "auto" },
    capabilities: { ...capabilities, wireguardGo: true },
    programs: [{ program: "wireguard-go", version: "0.0.20230223" }],
  } as const;
  const { underlay } = facts();
  const one = { ...underlay!, candidates: underlay!.candidates.slice(0, 1) };
  for (
    const change of [
      { ...cutting, programs: [{ program: "wireguard-go", version: "0.0.20220316" }] },
      { ...cutting, programs: [{ program: "wireguard-go", version: "" }] },
      { ...cutting, wishes: { wg: "auto", tunnel: "auto" } },
      { ...cutting, underlay: one },
    ] as const
  ) {
    assert.ok(!diagnose(facts(change)).some(({ id }) => id === "wireguard-go"));
  }
});
