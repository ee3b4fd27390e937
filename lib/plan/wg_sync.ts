import type { WgKey } from "../model/wg_key.ts";
import type { WgSync } from "./change.ts";
import type { WgConfig, WgPeer } from "./host_state.ts";

/**
 * Seconds after which a session without a new handshake is dead: WireGuard rejects keys older than this
 * (REJECT_AFTER_TIME of its protocol).
 */
export const HANDSHAKE_DEAD_S = 180;

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join() === b.toSorted().join();
}

/**
 * The endpoint to set on a peer; undefined leaves it. One that WireGuard learnt from the peer's own packets is newer
 * than the controller's word, so it stays while the session lives.
 */
function endpointToSet(wanted: WgPeer, have: WgPeer | undefined, nowS: number): string | undefined {
  if (have?.endpoint === undefined) return wanted.endpoint;
  if (have.endpoint === wanted.endpoint) return undefined;
  return nowS - (have.handshakeAt ?? 0) < HANDSHAKE_DEAD_S ? undefined : wanted.endpoint;
}

function withEndpoint(peer: WgPeer, endpoint: string | undefined): WgPeer {
  const { publicKey, allowedIps, keepaliveS } = peer;
  return { publicKey, allowedIps, keepaliveS, ...(endpoint === undefined ? {} : { endpoint }) };
}

/**
 * The one synchronisation that makes the observed device into the desired one; undefined when it is already.
 * @param nowS seconds since 1970.
 */
export function planWgSync(
  desired: WgConfig,
  observed: WgConfig | undefined,
  nowS: number,
): WgSync | undefined {
  const have = observed?.peers ?? new Map<WgKey, WgPeer>();
  const peers: WgPeer[] = [];
  const added: WgKey[] = [];
  const changed: WgKey[] = [];
  for (const wanted of desired.peers.values()) {
    const old = have.get(wanted.publicKey);
    const endpoint = endpointToSet(wanted, old, nowS);
    peers.push(withEndpoint(wanted, endpoint));
    if (old === undefined) added.push(wanted.publicKey);
    else if (
      endpoint !== undefined || old.keepaliveS !== wanted.keepaliveS ||
      !sameSet(old.allowedIps, wanted.allowedIps)
    ) changed.push(wanted.publicKey);
  }
  const removed = [...have.keys()].filter((key) => !desired.peers.has(key));
  const setsKey = observed?.publicKey !== desired.publicKey;
  const nothing = added.length + changed.length + removed.length === 0 && !setsKey &&
    observed?.port === desired.port;
  if (nothing) return undefined;
  return { kind: "wg.sync", port: desired.port, setsKey, peers, added, removed, changed };
}
