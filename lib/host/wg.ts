import type { Prefix } from "../model/prefix.ts";
import { parseWgKey, type WgKey } from "../model/wg_key.ts";
import type { WgSync } from "../plan/change.ts";
import type { WgConfig, WgPeer } from "../plan/host_state.ts";
import { WG_DEVICE } from "../plan/names.ts";
import { type Exec, runOrThrow } from "./exec.ts";

/** What WireGuard counts for a peer, besides its configuration. */
export interface WgCounters {
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** What `wg show DEVICE dump` tells; the private key in its first line is dropped here and goes nowhere. */
export interface WgObservation {
  readonly config: WgConfig;
  readonly counters: ReadonlyMap<WgKey, WgCounters>;
}

/** Reads the output of `wg show DEVICE dump` (wg(8): tab-separated, first the device, then a line a peer). */
export function parseWgDump(text: string): WgObservation {
  const [device, ...rows] = text.split("\n").filter((line) => line !== "").map((line) =>
    line.split("\t")
  );
  const peers = new Map<WgKey, WgPeer>();
  const counters = new Map<WgKey, WgCounters>();
  for (const row of rows) {
    const [key, , endpoint, allowed, handshake, rx, tx, keepalive] = row;
    const publicKey = key as WgKey;
    peers.set(publicKey, {
      publicKey,
      ...(endpoint === "(none)" ? {} : { endpoint: endpoint! }),
      allowedIps: allowed === "(none)" ? [] : allowed!.split(",") as Prefix[],
      keepaliveS: keepalive === "off" ? 0 : Number(keepalive),
      handshakeAt: Number(handshake),
    });
    counters.set(publicKey, { rxBytes: Number(rx), txBytes: Number(tx) });
  }
  const publicKey = device?.[1] === "(none)" ? undefined : device?.[1] as WgKey | undefined;
  return { config: { publicKey, port: Number(device?.[2] ?? 0), peers }, counters };
}

/** Observes the WireGuard device; undefined when there is none, or nothing answers for it. */
export async function observeWg(exec: Exec): Promise<WgObservation | undefined> {
  const result = await exec.run(["wg", "show", WG_DEVICE, "dump"]);
  return result.code === 0 ? parseWgDump(result.stdout) : undefined;
}

/**
 * The peers of the device and their addresses, as a text that is another when they are; undefined without a device. Sorted:
 * wireguard-go names its peers in another order each time.
 */
export async function wgPeerList(exec: Exec): Promise<string | undefined> {
  const result = await exec.run(["wg", "show", WG_DEVICE, "allowed-ips"]);
  return result.code === 0 ? result.stdout.split("\n").toSorted().join("\n") : undefined;
}

function peerText(peer: WgPeer): string {
  return [
    "[Peer]",
    `PublicKey = ${peer.publicKey}`,
    `AllowedIPs = ${peer.allowedIps.join(", ")}`,
    ...(peer.endpoint === undefined ? [] : [`Endpoint = ${peer.endpoint}`]),
    `PersistentKeepalive = ${peer.keepaliveS === 0 ? "off" : peer.keepaliveS}`,
    "",
  ].join("\n");
}

/** The text that `wg syncconf` reads (wg(8), "CONFIGURATION FILE FORMAT"). Holds the private key: never log it. */
export function wgConfigText(sync: WgSync, privateKey: string): string {
  const peers = sync.peers.map(peerText).join("\n");
  return `[Interface]\nPrivateKey = ${privateKey}\nListenPort = ${sync.port}\n\n${peers}`;
}

function setWords(peer: WgPeer): string[] {
  return [
    ...["peer", peer.publicKey],
    ...(peer.endpoint === undefined ? [] : ["endpoint", peer.endpoint]),
    ...["persistent-keepalive", peer.keepaliveS === 0 ? "off" : String(peer.keepaliveS)],
    ...["allowed-ips", peer.allowedIps.join(",")],
  ];
}

/**
 * Makes the device's peers those of `sync`: peers that stay keep their sessions. `wg syncconf` takes the allowed-ips of
 * every peer away for a moment before it sets them again (150 runs of it lost 3 of 3,000 packets of a peer that stayed, with
 * `wg addconf` none), so it only sets a device up; after that just the peers that differ are touched.
 * @throws {ExecError} with what `wg` said.
 */
export async function applyWgSync(exec: Exec, sync: WgSync, privateKey: string): Promise<void> {
  const [added, changed] = [sync.added, sync.changed].map((keys) => {
    const wanted = new Set(keys);
    return sync.peers.filter((peer) => wanted.has(peer.publicKey));
  });
  const set = [
    ...changed!.flatMap(setWords),
    ...sync.removed.flatMap((key) => ["peer", key, "remove"]),
  ];
  const conf = (verb: string, stdin: string) =>
    runOrThrow(exec, ["wg", verb, WG_DEVICE, "/dev/stdin"], { stdin, timeoutMs: 60_000 });
  if (sync.setsKey || added!.length + set.length === 0) {
    await conf("syncconf", wgConfigText(sync, privateKey));
    return;
  }
  if (added!.length > 0) await conf("addconf", added!.map(peerText).join("\n"));
  if (set.length > 0) {
    await runOrThrow(exec, ["wg", "set", WG_DEVICE, ...set], { timeoutMs: 60_000 });
  }
}

/** A new private key. */
export async function makePrivateKey(exec: Exec): Promise<WgKey> {
  return parseWgKey((await runOrThrow(exec, ["wg", "genkey"])).trim());
}

/** The public key that belongs to a private key. */
export async function publicKeyOf(exec: Exec, privateKey: string): Promise<WgKey> {
  return parseWgKey(
    (await runOrThrow(exec, ["wg", "pubkey"], { stdin: `${privateKey}\n` })).trim(),
  );
}
