import assert from "node:assert/strict";
import { serveMetrics } from "../../lib/agent/metrics.ts";
import { metricsText } from "../../lib/agent/metrics_text.ts";
import type { HostName } from "../../lib/model/host_name.ts";
import { localStatus, WRITTEN_MS } from "./local_status_fixture.ts";

const figures = { rssBytes: 50_000_000, nowMs: WRITTEN_MS + 4_000 };

Deno.test("metricsText() gives the node's figures in Prometheus' words", () => {
  const text = metricsText(localStatus(), figures);
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assert.deepEqual(samples, [
    "meshover_agent_resident_memory_bytes 50000000",
    'meshover_node_info{node="node1",number="1",asn="4200000001",version="0.1.0",wg="kernel",tunnels="gre,vxlan",dummy="dummy",frr="system"} 1',
    "meshover_node_peers 2",
    "meshover_node_status_age_seconds 4",
    "meshover_node_controller_connected 1",
    "meshover_node_controller_state_seconds 244",
    "meshover_node_reconcile_seconds 0.042",
    "meshover_node_reconcile_failed_changes 0",
    'meshover_peer_handshake_age_seconds{peer="node2",number="2",device="meshover0-tun2"} 12',
    'meshover_peer_bgp_established{peer="node2",number="2",device="meshover0-tun2"} 1',
    'meshover_peer_bgp_established{peer="node100",number="100",device="meshover0-100"} 0',
    'meshover_peer_received_bytes_total{peer="node2",number="2",device="meshover0-tun2"} 4096',
    'meshover_peer_received_bytes_total{peer="node100",number="100",device="meshover0-100"} 0',
    'meshover_peer_sent_bytes_total{peer="node2",number="2",device="meshover0-tun2"} 1572864',
    'meshover_peer_sent_bytes_total{peer="node100",number="100",device="meshover0-100"} 148',
    'meshover_peer_prefixes_received{peer="node2",number="2",device="meshover0-tun2"} 3',
    'meshover_peer_prefixes_sent{peer="node2",number="2",device="meshover0-tun2"} 5',
  ]);
});

Deno.test("metricsText() declares each metric once, before its samples", () => {
  const lines = metricsText(localStatus(), figures).trimEnd().split("\n");
  const declared = lines.filter((l) => l.startsWith("# TYPE ")).map((l) => l.split(" ")[2]!);
  assert.equal(new Set(declared).size, declared.length);
  for (const line of lines.filter((l) => !l.startsWith("#"))) {
    assert.match(line, /^[a-z_]+(\{[^}]*\})? [0-9.e+-]+$/);
    assert.ok(declared.includes(line.split(/[{ ]/)[0]!), line);
  }
});

Deno.test("metricsText() escapes what would break a label", () => {
  const text = metricsText(localStatus({ name: 'a"b\\c' as HostName }), figures);
  assert.match(text, /node="a\\"b\\\\c"/);
});

Deno.test("serveMetrics() serves the figures under /metrics and nothing else", async () => {
  const server = serveMetrics({ hostname: "127.0.0.1", port: 0 }, () => localStatus());
  try {
    const answer = await fetch(server.url);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    assert.match(await answer.text(), /^meshover_node_peers 2$/m);
    const other = await fetch(server.url.replace("/metrics", "/"));
    assert.deepEqual([other.status, await other.text()], [404, "see /metrics\n"]);
    const post = await fetch(server.url, { method: "POST" });
    assert.deepEqual([post.status, await post.text()], [405, "only GET\n"]);
  } finally {
    await server.close();
  }
});

Deno.test("serveMetrics() answers before the agent has seen anything", async () => {
  const server = serveMetrics({ hostname: "127.0.0.1", port: 0 }, () => undefined);
  try {
    const text = await (await fetch(server.url)).text();
    assert.match(text, /^meshover_agent_resident_memory_bytes [1-9]/m);
  } finally {
    await server.close();
  }
});

Deno.test("serveMetrics() says that a port is taken", async () => {
  const server = serveMetrics({ hostname: "127.0.0.1", port: 0 }, () => undefined);
  try {
    const port = Number(new URL(server.url).port);
    assert.throws(
      () => serveMetrics({ hostname: "127.0.0.1", port }, () => undefined),
      /Cannot serve --metrics on 127\.0\.0\.1:\d+: .*; choose another port/,
    );
  } finally {
    await server.close();
  }
});
