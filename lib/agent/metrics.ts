import { messageOf, StateError } from "../model/errors.ts";
import type { LocalStatus } from "./local_status.ts";
import { metricsText } from "./metrics_text.ts";

/** Where `--metrics` listens. */
export interface MetricsAddress {
  readonly hostname: string;
  readonly port: number;
}

/** A metrics listener that runs. */
export interface MetricsServer {
  /** With the port that was really taken. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

function answer(request: Request, status: LocalStatus | undefined): Response {
  if (request.method !== "GET") return new Response("only GET\n", { status: 405 });
  if (new URL(request.url).pathname !== "/metrics") {
    return new Response("see /metrics\n", { status: 404 });
  }
  const { rss } = Deno.memoryUsage();
  const text = metricsText(status, { rssBytes: rss, nowMs: Date.now() });
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return new Response(text, { headers });
}

/**
 * Serves the node's figures for Prometheus.
 * @throws {StateError} when the port cannot be had.
 */
export function serveMetrics(
  { hostname, port }: MetricsAddress,
  status: () => LocalStatus | undefined,
): MetricsServer {
  try {
    const server = Deno.serve(
      { hostname, port, onListen: () => {} },
      (request) => answer(request, status()),
    );
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return {
      url: `http://${host}:${server.addr.port}/metrics`,
      close: () => server.shutdown(),
    };
  } catch (error) {
    throw new StateError(
      `Cannot serve --metrics on ${hostname}:${port}: ${messageOf(error)}; choose another port`,
    );
  }
}
