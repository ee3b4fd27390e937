import { VERSION } from "../model/version.ts";
import { metric } from "../plan/metrics_text.ts";
import { poolCapacity } from "../plan/pool_capacity.ts";
import { countPoolLeases } from "../store/pool_leases.ts";
import type { Context } from "./context.ts";

/** The controller's own metrics. What the database would have to tell is left out while it cannot. */
export async function controllerMetricsText(context: Context): Promise<string> {
  const { state, feed, board } = context;
  const gauge = (name: string, help: string, value: number) =>
    metric({ name, type: "gauge", help }, [{ value }]);
  return [
    metric({
      name: "meshover_build_info",
      type: "gauge",
      help: "Version of the controller; always 1.",
    }, [{ value: 1, labels: { version: VERSION } }]),
    gauge("meshover_controller_nodes", "Nodes in the inventory, reserved ones too.", state.size),
    gauge("meshover_controller_revision", "Revision of the mesh.", state.revision),
    gauge("meshover_controller_feed_readers", "Feed requests that are held open.", feed.readers),
    gauge(
      "meshover_controller_database_up",
      "Whether the database can be read.",
      context.waitingFor().length === 0 ? 1 : 0,
    ),
    metric({
      name: "meshover_controller_statuses_total",
      type: "counter",
      help: "Statuses that nodes told.",
    }, [{ value: board.toldCount }]),
    requestMetrics(context),
    gauge(
      "process_resident_memory_bytes",
      "Resident memory of the controller.",
      Deno.memoryUsage().rss,
    ),
    await poolMetrics(context).catch(() => ""),
  ].join("");
}

function requestMetrics({ requests }: Context): string {
  const samples = [...requests.entries()].map(({ call, code, count }) => ({
    value: count,
    labels: { call, code },
  }));
  const enrolments = (taken: boolean) =>
    samples.filter(({ labels }) => labels.call === "enrol" && (labels.code === 200) === taken)
      .reduce((sum, { value }) => sum + value, 0);
  return metric({
    name: "meshover_controller_enrolments_total",
    type: "counter",
    help: "Enrolments answered, repeated ones too.",
  }, [
    { value: enrolments(true), labels: { result: "accepted" } },
    { value: enrolments(false), labels: { result: "refused" } },
  ]) +
    metric({
      name: "meshover_controller_requests_total",
      type: "counter",
      help: "Requests answered, by call and status code.",
    }, samples);
}

async function poolMetrics(context: Context): Promise<string> {
  const { tunnelPools, nodePools } = context.pools;
  const pools = [
    ...tunnelPools.map((pool) => ({ pool, purpose: "tunnel" as const })),
    ...nodePools.map((pool) => ({ pool, purpose: "node" as const })),
  ];
  const counts = await context.database.read((reader) =>
    Promise.all(pools.map((pool) => countPoolLeases(reader, pool)))
  );
  const gauge = (name: string, help: string, of: (index: number) => number) =>
    metric(
      { name, type: "gauge", help },
      pools.map((labels, index) => ({ value: of(index), labels })),
    );
  return [
    gauge(
      "meshover_pool_capacity",
      "Nodes that the pool has addresses for.",
      (i) => poolCapacity(pools[i]!.pool),
    ),
    gauge("meshover_pool_used", "Addresses of the pool that nodes hold.", (i) => counts[i]!.held),
    gauge(
      "meshover_pool_quarantined",
      "Addresses of the pool that removed nodes had, and that rest.",
      (i) => counts[i]!.inQuarantine,
    ),
  ].join("");
}
