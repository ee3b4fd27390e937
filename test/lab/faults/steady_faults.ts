import { productCommand } from "../product.ts";
import { STATE_DIR } from "../mesh.ts";
import { patient } from "../patience.ts";
import { waitFor } from "../wait_for.ts";
import type { Fault } from "./fault.ts";
import type { Stage } from "./stage.ts";

const nothing = () => Promise.resolve();
const wait = (seconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
const restart = (stage: Stage) => stage.startAgent();

/** Shell on the faulty node, as the fault and as its end. */
function shell(
  name: string,
  script: { readonly make: string; readonly forS?: number; readonly end?: string },
  more: Partial<Fault> = {},
): Fault {
  return {
    name,
    mayLose: true,
    make: async ({ node }) => {
      await node.shell(script.make);
      await wait(script.forS ?? 0);
    },
    end: async ({ node }) => void await node.shell(script.end ?? "true"),
    ...more,
  };
}

/** The agent and its files. */
const AGENT: readonly Fault[] = [
  {
    name: "agent stopped for 5 s",
    mayLose: false,
    make: async ({ agent }) => {
      await agent.stop();
      await wait(5);
    },
    end: restart,
  },
  {
    name: "agent killed (-9), started again",
    mayLose: false,
    make: async ({ agent }) => void await agent.stop({ signal: "KILL" }),
    end: restart,
  },
  {
    name: "a second agent is started",
    mayLose: false,
    make: async (stage) => {
      const argv = [...productCommand(), ...stage.mesh.agentArgs(stage.node)];
      const { code, stderr } = await stage.node.tryExec(argv, { deadlineS: patient(10) });
      if (code !== 1 || !stderr.includes("Another meshover works with")) {
        throw new Error(`The second agent ended with ${code}: ${stderr}`);
      }
    },
    end: nothing,
  },
  {
    name: "disk full when a peer joins",
    mayLose: false,
    make: async (stage) => {
      await stage.node.tryExec(["dd", "if=/dev/zero", `of=${STATE_DIR}/fill`, "bs=4k"]);
      await stage.enrolPhantom("disk-full");
      await waitFor("the tunnel to the peer", async () => {
        const links = await stage.node.exec(["ip", "-o", "link"]);
        return [...links.matchAll(/meshover0-\w+/g)].length >= 3;
      }, { deadlineS: 20 });
    },
    end: async ({ node }) => void await node.shell(`rm ${STATE_DIR}/fill`),
    says: /Cannot write .*(space|ENOSPC)/,
    tidy: (stage) => stage.removePhantom("disk-full"),
  },
  {
    name: "snapshot cut in half, agent started again",
    mayLose: false,
    make: async ({ agent, node }) => {
      await agent.stop({ signal: "KILL" });
      await node.shell(
        `cd ${STATE_DIR}; truncate -s $(($(stat -c %s snapshot.json) / 2)) snapshot.json`,
      );
    },
    end: restart,
    says: /snapshot.json is damaged/,
  },
  {
    name: "snapshot cut in half, no controller for 15 s",
    mayLose: false,
    make: async (stage) => {
      const { agent, node, mesh } = stage;
      await mesh.stopController("KILL");
      await agent.stop({ signal: "KILL" });
      await node.shell(
        `cd ${STATE_DIR}; truncate -s $(($(stat -c %s snapshot.json) / 2)) snapshot.json`,
      );
      await stage.startAgent();
      await wait(15);
    },
    end: ({ mesh }) => mesh.startController(),
    says: /snapshot.json is damaged/,
    tidy: (stage) => stage.connected(),
  },
];

/** The controller. */
function controllerFaults(outageS: number): readonly Fault[] {
  return [
    {
      name: `controller killed for ${outageS} s`,
      mayLose: false,
      make: async ({ mesh }) => {
        await mesh.stopController("KILL");
        await wait(outageS);
      },
      end: ({ mesh }) => mesh.startController(),
      says: /overlay stays as it is/,
      tidy: (stage) => stage.connected(),
    },
    {
      name: "controller swallows every packet for 45 s",
      mayLose: false,
      make: async ({ mesh }) => {
        await mesh.world.controller.shell(
          "nft 'add table inet cut; add chain inet cut in { type filter hook input priority 0; policy drop; }'",
        );
        await wait(45);
      },
      end: ({ mesh }) =>
        mesh.world.controller.shell("nft delete table inet cut").then(() => undefined),
      says: /no answer in/,
      tidy: (stage) => stage.connected(),
    },
  ];
}

/** The underlay. */
const UNDERLAY: readonly Fault[] = [
  shell("underlay link down for 5 s", {
    make: "ip link set eth0 down",
    forS: 5,
    end: `ip link set eth0 up
      ip addr replace 2001:db8:30::1/64 dev eth0 nodad
      ip route replace default via 172.30.0.254; ip route replace default via 2001:db8:30::fe`,
  }),
  shell("underlay addresses change", {
    make: `ip addr flush dev eth0 scope global
      ip addr add 172.30.0.77/24 dev eth0; ip addr add 2001:db8:30::77/64 dev eth0 nodad
      ip route replace default via 172.30.0.254; ip route replace default via 2001:db8:30::fe`,
  }),
];

/** What others do to the host. */
const MEDDLING: readonly Fault[] = [
  shell("somebody deletes a tunnel", {
    make: "ip link del $(ip -o link | grep -o 'meshover0-tun[0-9]*' | head -1)",
  }),
  shell("somebody deletes the WireGuard device", { make: "ip link del meshover0" }),
  shell("somebody deletes the node's address", {
    make: "ip addr flush dev dummy-meshover0 scope global",
  }),
  shell("somebody removes all WireGuard peers", {
    make: "for peer in $(wg show meshover0 peers); do wg set meshover0 peer $peer remove; done",
  }),
  shell("somebody deletes a route", { make: "ip route del $(ip route show proto 129 | head -1)" }),
  shell("somebody flushes nft", { make: "nft flush ruleset" }, { mayLose: false }),
  shell("somebody turns forwarding off", { make: "sysctl -qw net.ipv4.ip_forward=0" }, {
    mayLose: false,
  }),
  shell("somebody kills bgpd", { make: "pkill -9 bgpd" }),
  shell("somebody kills zebra", { make: "pkill -9 zebra" }),
  shell("somebody kills wireguard-go", { make: "pkill -9 wireguard-go || ip link del meshover0" }),
];

/** Faults of a mesh that works, in the order they are played. */
export function steadyFaults(options: { readonly outageS: number }): readonly Fault[] {
  return [...AGENT, ...controllerFaults(options.outageS), ...UNDERLAY, ...MEDDLING];
}
