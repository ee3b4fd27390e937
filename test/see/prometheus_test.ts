import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { tryProgram } from "../lab/run_program.ts";
import { waitFor } from "../lab/wait_for.ts";
import { ensurePackages } from "../../tools/setup.ts";
import { ChildController } from "./child_controller.ts";
import { SimulatedMesh } from "./simulated_mesh.ts";
import { whileTelling } from "./while_telling.ts";

const PASSWORD = "bench";
const conf = (name: string) => fileURLToPath(new URL(`../../conf/${name}`, import.meta.url));

interface Asked {
  readonly url: string;
  readonly query: string;
}

/** The values that Prometheus has for a query. */
async function ask(
  { url, query }: Asked,
): Promise<{ metric: Record<string, string>; value: string }[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { status, error, data } = await response.json();
  assert.equal(status, "success", `${query}: ${error}`);
  const result = data.result as { metric: Record<string, string>; value: [number, string] }[];
  return result.map(({ metric, value }) => ({ metric, value: value[1] }));
}

/** Waits until a query has as many values as wanted; one that fails has none, not even 0. */
function settle(asked: Asked, wanted: number): Promise<Awaited<ReturnType<typeof ask>>> {
  return waitFor(`${wanted} values of ${asked.query}`, async () => {
    const values = await ask(asked);
    assert.equal(values.length, wanted, JSON.stringify(values));
    return values;
  }, { everyMs: 200 });
}

/** Runs `task` with Debian's Prometheus, which scrapes the controller. */
async function withPrometheus(
  options: { folder: string; port: number },
  task: (url: string) => Promise<void>,
): Promise<void> {
  const { folder, port } = options;
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [`${folder}/alerts.yaml`],
    scrape_configs: [{
      job_name: "meshover",
      basic_auth: { username: "admin", password: PASSWORD },
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    }],
  };
  await Deno.writeTextFile(`${folder}/prometheus.yml`, JSON.stringify(config));
  // Nobody waits minutes for an alert in a test.
  const rules = (await Deno.readTextFile(conf("prometheus-alerts.yaml"))).replace(
    /for: \d+m/g,
    "for: 0s",
  );
  await Deno.writeTextFile(`${folder}/alerts.yaml`, rules);
  const child = new Deno.Command("prometheus", {
    args: [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/tsdb`,
      "--web.listen-address=127.0.0.1:0",
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    let found: RegExpExecArray | null = null;
    while (found === null) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`Prometheus did not start: ${said}`);
      said += value;
      found = /[Ll]istening on"? address=(127\.0\.0\.1:\d+)/.exec(said);
    }
    const draining = (async () => {
      while (!(await reader.read()).done);
    })();
    await task(`http://${found[1]}`);
    child.kill("SIGTERM");
    await draining;
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It had ended.
    }
    await child.status;
  }
}

Deno.test(
  "Debian's Prometheus scrapes the controller, fires the alerts and answers Grafana's panels",
  {
    sanitizeOps: false,
    sanitizeResources: false,
  },
  async () => {
    await ensurePackages(["prometheus"], (line) => console.error(line));
    const folder = await Deno.makeTempDir({ prefix: "meshover-prometheus-" });
    const controller = await ChildController.start({ folder, password: PASSWORD });
    const mesh = new SimulatedMesh({
      password: PASSWORD,
      send: (path, init) => fetch(controller.url(path), init),
    });
    try {
      await mesh.enrol(["tokyo", "osaka", "sapporo"]);
      const [a, b] = [mesh.node("tokyo"), mesh.node("osaka")];
      const trouble = { bgpDown: [b.self.number], failed: ["add a link"] };
      const tell = () => Promise.all([mesh.tell(a, trouble), mesh.tell(b)]);
      const scraped = async (url: string) => {
        await settle({ url, query: "meshover_node_up" }, 3);
        const firing = (alert: string) => ({
          url,
          query: `ALERTS{alertstate="firing",alertname="${alert}"}`,
        });
        const [down] = await settle(firing("MeshoverBgpDown"), 1);
        assert.deepEqual([down!.metric["node"], down!.metric["peer"]], ["tokyo", "osaka"]);
        assert.equal((await settle(firing("MeshoverNodeSilent"), 1))[0]!.metric["node"], "sapporo");
        await settle(firing("MeshoverChangesFail"), 1);
        await settle(firing("MeshoverControllerDown"), 0);
        for (const query of await panelQueries()) await ask({ url, query });
        await settle({ url, query: "graph_meshover_nodes_bgp_edges" }, 3);
      };
      await whileTelling(tell, () => withPrometheus({ folder, port: controller.port }, scraped));
    } finally {
      await controller.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** What the panels ask, with Grafana's variables filled in. */
async function panelQueries(): Promise<string[]> {
  const { panels } = JSON.parse(await Deno.readTextFile(conf("grafana-dashboard.json"))) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll("$__rate_interval", "1m").replaceAll("$node", ".*"));
}

Deno.test("promtool finds nothing to say of the metrics and the alerts", async () => {
  await ensurePackages(["prometheus"], (line) => console.error(line));
  const rules = await tryProgram(["promtool", "check", "rules", conf("prometheus-alerts.yaml")]);
  assert.equal(rules.code, 0, rules.stderr);
  assert.ok(parse(await Deno.readTextFile(conf("prometheus-alerts.yaml"))).groups.length > 0);
  const { withController } = await import("./with_controller.ts");
  await withController(async ({ mesh, send }) => {
    await mesh.enrol(["tokyo", "osaka"]);
    await mesh.tellAll();
    const text = await (await send("/metrics", {})).text();
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await ReadableStream.from([text]).pipeThrough(new TextEncoderStream()).pipeTo(child.stdin);
    const { code, stdout, stderr } = await child.output();
    assert.equal(code, 0);
    assert.equal(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr), "");
  }, { metrics: { open: true } });
});
