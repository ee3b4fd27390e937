import assert from "node:assert/strict";
import type { Check } from "../../../lib/plan/doctor_check.ts";
import { PROJECT_ROOT } from "../machine/project_root.ts";
import { learnPatience, patient } from "../patience.ts";
import { Traffic } from "../traffic.ts";
import { waitFor } from "../wait_for.ts";
import { newerPackage, packagesOf } from "./packages_of.ts";
import {
  installPackage,
  type Invitation,
  meshAddress,
  PackageMesh,
  startAgent,
  startController,
  untilReached,
} from "./package_mesh.ts";
import type { SystemdHost } from "./systemd_host.ts";

const AGENT = "meshover-agent.service";
const CONTROLLER = "meshover-controller.service";

/** What systemd tells of a unit. */
async function shown(host: SystemdHost, unit: string, property: string): Promise<string> {
  return (await host.shell(`systemctl show --property ${property} --value ${unit}`)).trim();
}

/** Replaces a part of a unit, as an operator does, and restarts it. */
async function dropIn(host: SystemdHost, at: { unit: string; text: string }): Promise<void> {
  const folder = `/etc/systemd/system/${at.unit}.d`;
  await host.shell(
    `mkdir -p ${folder}; cat > ${folder}/trial.conf; systemctl daemon-reload
    systemctl restart ${at.unit}`,
    { stdin: at.text, deadlineS: 180 },
  );
}

async function journal(host: SystemdHost): Promise<string> {
  const argv = ["journalctl", "--no-pager", "-o", "short-precise", "-n", "60", "-u", "meshover-*"];
  return `-- ${host.name}\n${(await host.tryExec(argv)).stdout}`;
}

async function mainPidChanges(host: SystemdHost, unit: string, before: string): Promise<void> {
  await waitFor(`${unit} on ${host.name} is another process and active`, async () => {
    const pid = await shown(host, unit, "MainPID");
    const state = await shown(host, unit, "ActiveState");
    return (pid !== before && pid !== "0" && state === "active") || undefined;
  }, { deadlineS: 90 });
}

Deno.test("the package on three machines under systemd, Debian 12 and 13, with FRR", async (t) => {
  await learnPatience();
  const mesh = await PackageMesh.create();
  try {
    const made = await packagesOf(mesh.packages);
    const { file } = made;
    const newer = await newerPackage(made);
    const [a, b, c] = [
      await mesh.add("a", "trixie"),
      await mesh.add("b", "bookworm"),
      await mesh.add("c", "trixie"),
    ];
    const all = [a, b, c];
    const step = async (what: string, run: () => Promise<void>) => {
      // The steps build on each other.
      if (await t.step(what, run)) return;
      const journals = await Promise.all(all.map(journal));
      throw new Error(`failed: ${what}\n${journals.join("\n")}`);
    };
    let invitation: Invitation | undefined;
    const reach = async (from: SystemdHost, to: SystemdHost) =>
      await untilReached(from, await meshAddress(to));

    await step("installs, and systemd accepts the units", async () => {
      for (const host of all) {
        await installPackage(host, file);
        for (const unit of [AGENT, CONTROLLER]) {
          await host.shell(`systemd-analyze verify --man=no /usr/lib/systemd/system/${unit}`);
        }
      }
    });
    await step(
      "the controller says that it is ready, as a user of its own, in a folder of its own",
      async () => {
        invitation = await startController(a);
        assert.equal(await shown(a, CONTROLLER, "ActiveState"), "active");
        const pid = await shown(a, CONTROLLER, "MainPID");
        assert.equal(await a.shell(`stat -c %U /proc/${pid}`), "meshover\n");
        assert.equal(
          await a.shell("stat -c '%U %a' /var/lib/meshover-controller"),
          "meshover 700\n",
        );
        const seen = await a.shell(`cat /proc/${pid}/environ /proc/${pid}/cmdline`);
        const password = await a.shell("cat /etc/meshover/controller-password");
        assert.ok(!seen.includes(password.trim()));
      },
    );
    await step("three agents make a mesh", async () => {
      await Promise.all(all.map((host) => startAgent(host, invitation!)));
      for (const [from, to] of [[a, b], [b, c], [c, a]] as const) await reach(from, to);
    });
    await step("no agent fails at anything", async () => {
      for (const host of all) {
        // What fails while the others still come up is tried again.
        await waitFor(`nothing fails on ${host.name}`, async () => {
          const { reconcile } = JSON.parse(await host.shell("meshover status --json"));
          if (reconcile.failed.length > 0) throw new Error(JSON.stringify(reconcile.failed));
          return true;
        });
      }
    });
    await step("the agent listens on loopback at most", async () => {
      await b.shell("echo 'metrics: 127.0.0.1:9912' >> /etc/meshover/agent.yaml");
      await b.shell(`systemctl restart ${AGENT}`, { deadlineS: 180 });
      for (const host of all) {
        const pid = await shown(host, AGENT, "MainPID");
        const sockets = (await host.shell("ss -H -l -n -p -t -u -w")).split("\n");
        const own = sockets.filter((line) => line.includes(`pid=${pid},`));
        assert.equal(own.length, host === b ? 1 : 0, own.join("\n"));
        assert.ok(own.every((line) => line.includes("127.0.0.1:9912")), own.join("\n"));
      }
    });
    await step("doctor, bundle and down --dry-run may do what they need", async () => {
      for (const host of all) {
        const doctor = "meshover doctor --json --config /etc/meshover/agent.yaml || true";
        await waitFor(`the doctor finds nothing failed on ${host.name}`, async () => {
          const { checks } = JSON.parse(await host.shell(doctor)) as { checks: readonly Check[] };
          const failed = checks.filter(({ verdict }) => verdict === "failed");
          if (failed.length > 0) throw new Error(JSON.stringify(failed));
          return true;
        });
        const report = await host.shell("meshover bundle -");
        for (const title of ["ss -l", "journalctl -u", "date --rfc-3339", "ip address"]) {
          assert.doesNotMatch(report, new RegExp(`===== ${title}.*\\n\\(not installed\\)`), title);
        }
        assert.match(report, /this is node \d/, "the agent's log is in the report");
        const down = await host.tryExec(["meshover", "down", "--dry-run"]);
        assert.equal(down.code, 0, down.stderr);
        assert.match(
          down.stdout + down.stderr,
          /would remove the device meshover0|would .*meshover0/,
        );
      }
    });
    await step("reload keeps the processes, and loses no packet", async () => {
      const traffic = await Traffic.start(b, await meshAddress(c));
      const before = await Promise.all([
        shown(b, AGENT, "MainPID"),
        shown(a, CONTROLLER, "MainPID"),
      ]);
      await b.shell(`systemctl reload ${AGENT}`);
      await a.shell(`systemctl reload ${CONTROLLER}`);
      await a.shell("meshover status --check ready");
      assert.deepEqual(
        await Promise.all([shown(b, AGENT, "MainPID"), shown(a, CONTROLLER, "MainPID")]),
        before,
      );
      const { answered, lost } = await traffic.stop();
      assert.ok(answered > 0);
      assert.equal(lost, 0);
    });
    await step(
      "the watchdog ends an agent that hangs, systemd starts another, and no packet is lost",
      async () => {
        const traffic = await Traffic.start(b, await meshAddress(c));
        await dropIn(b, { unit: AGENT, text: `[Service]\nWatchdogSec=${patient(5)}\n` });
        const before = await shown(b, AGENT, "MainPID");
        await b.shell(`kill -STOP ${before}`);
        await mainPidChanges(b, AGENT, before);
        // Where the machine stalls, an agent that is well may be ended, too.
        assert.ok(Number(await shown(b, AGENT, "NRestarts")) >= 1);
        const { lost } = await traffic.stop();
        assert.equal(lost, 0);
      },
    );
    await step("upgrades of agents and controller lose no packet", async () => {
      const traffic = await Traffic.start(b, await meshAddress(c));
      const before = await Promise.all(all.map((host) => shown(host, AGENT, "MainPID")));
      for (const [i, host] of all.entries()) {
        await installPackage(host, newer);
        await mainPidChanges(host, AGENT, before[i]!);
        await host.shell("meshover status --check live");
      }
      assert.equal(await shown(a, CONTROLLER, "ActiveState"), "active");
      const { answered, lost } = await traffic.stop();
      assert.ok(answered > 0);
      assert.equal(lost, 0);
    });
    await step(
      "a machine that is rebooted while the controller is away joins again",
      async () => {
        await a.shell(`systemctl stop ${CONTROLLER}`);
        const address = await meshAddress(c);
        await c.reboot();
        assert.equal(await meshAddress(c), address);
        await reach(b, c);
        await reach(c, a);
        await a.shell(`systemctl start ${CONTROLLER}`, { deadlineS: 180 });
      },
    );
    await step("the examples of drop-ins: a low port, and what containers need", async () => {
      // The machines' images leave out /usr/share/doc, where the package has them.
      const example = (name: string) =>
        Deno.readTextFile(`${PROJECT_ROOT}/systemd/examples/${name}`);
      await a.shell(`sed -i 's/^listen:.*/listen: "[::]:443"/' /etc/meshover/controller.yaml`);
      await dropIn(a, { unit: CONTROLLER, text: await example("controller-low-port.conf") });
      assert.match(await a.shell("ss -H -l -n -t sport = :443"), /:443/);
      await dropIn(c, { unit: AGENT, text: await example("agent-containers.conf") });
      await reach(c, b);
    });
    await step(
      "removing the package takes the network down, purging takes all files",
      async () => {
        await c.shell("dpkg --remove meshover", { deadlineS: 120 });
        assert.doesNotMatch(await c.shell("ip -o link"), /meshover/);
        for (const host of all) {
          await host.shell("dpkg --purge meshover", { deadlineS: 120 });
          const left =
            "ls -d /etc/meshover /var/lib/meshover* /var/cache/meshover* /usr/lib/meshover 2>/dev/null || true";
          assert.equal(await host.shell(left), "");
          assert.equal((await host.tryExec(["getent", "passwd", "meshover"])).code, 2);
          assert.doesNotMatch(await host.shell("ip -o link"), /meshover/);
        }
      },
    );
  } finally {
    await mesh.remove();
  }
});
