import type { MetricsAddress } from "../agent/metrics.ts";
import { isLoopback } from "../client/controller_url.ts";
import { parseListenAddress } from "../controller/listen_address.ts";
import { InputError } from "../model/errors.ts";

/**
 * Reads what the agent's `--metrics` takes: `HOST:PORT` of this machine's loopback, because the figures name every peer
 * and nobody is asked for a password.
 * @throws {InputError} naming the text and what is accepted.
 */
export function parseMetricsAddress(text: string): MetricsAddress {
  const { hostname, port } = parseListenAddress(text);
  if (isLoopback(hostname)) return { hostname, port };
  throw new InputError(
    `"${text}" can be reached from other machines; expected a loopback address such as 127.0.0.1:9912`,
  );
}
