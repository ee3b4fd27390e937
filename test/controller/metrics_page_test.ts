import assert from "node:assert/strict";
import { PASSWORD, withController } from "../see/with_controller.ts";

const ADMIN = { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` };

Deno.test("/metrics keeps the two series of the first exporter", async () => {
  await withController(async ({ mesh, send }) => {
    await mesh.enrol(["tokyo", "osaka"]);
    const [a, b] = mesh.nodes.map((node) => node.self);
    await mesh.tell(mesh.nodes[0]!);
    await mesh.tell(mesh.nodes[1]!, { bgpDown: [a!.number] });
    const text = await (await send("/metrics", { headers: ADMIN })).text();
    const node = `graph_meshover_nodes_nodes{id="${a!.asn}",title="${a!.name}",mainstat="${
      a!.addresses[0]
    }"} 0`;
    assert.ok(text.includes(node), text);
    const edges = text.split("\n").filter((line) =>
      line.startsWith("graph_meshover_nodes_bgp_edges{")
    );
    const id = a!.number * 100_000 + b!.number;
    assert.deepEqual(edges, [
      `graph_meshover_nodes_bgp_edges{id="${id}",source="${a!.asn}",target="${b!.asn}"} 0`,
    ]);
  });
});

Deno.test("/metrics tells of nodes that say nothing, and of pools", async () => {
  await withController(async ({ mesh, send }) => {
    await mesh.enrol(["tokyo", "osaka"]);
    await mesh.tell(mesh.node("tokyo"));
    const lines = (await (await send("/metrics", { headers: ADMIN })).text()).split("\n");
    assert.ok(lines.includes('meshover_node_up{node="tokyo"} 1'));
    assert.ok(lines.includes('meshover_node_up{node="osaka"} 0'));
    assert.ok(lines.includes('meshover_peer_handshake_age_seconds{node="tokyo",peer="osaka"} 42'));
    assert.ok(lines.includes('meshover_pool_used{pool="10.192.0.0/12",purpose="tunnel"} 2'));
    assert.ok(
      lines.includes('meshover_pool_capacity{pool="fd00:beef:beef::/48",purpose="node"} 65536'),
    );
    assert.ok(lines.includes('meshover_controller_enrolments_total{result="accepted"} 2'));
  });
});

Deno.test("/metrics wants the password, or the token made for it, unless it is open", async () => {
  await withController(async ({ send }) => {
    const ask = async (authorization?: string) => {
      const response = await send(
        "/metrics",
        authorization === undefined ? {} : { headers: { authorization } },
      );
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await ask(), 401);
    assert.equal(await ask("Bearer wrong"), 401);
    assert.equal(await ask("Bearer scrape-me"), 200);
    assert.equal(await ask(ADMIN.authorization), 200);
  }, { metrics: { token: "scrape-me" } });
  await withController(async ({ send }) => {
    const response = await send("/metrics", {});
    assert.equal(response.status, 200);
    await response.body?.cancel();
  }, { metrics: { open: true } });
});

Deno.test("/metrics writes names that need it with escapes", async () => {
  const { escapeLabel } = await import("../../lib/plan/metrics_text.ts");
  assert.equal(escapeLabel('a"b\\c\nd'), 'a\\"b\\\\c\\nd');
});
