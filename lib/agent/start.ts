import type { ControllerClient } from "../client/controller_client.ts";
import { type Exec, SystemExec } from "../host/exec.ts";
import { probeCapabilities } from "../host/probe.ts";
import { type Lock, StateDir } from "../host/state_dir.ts";
import { makePrivateKey, publicKeyOf } from "../host/wg.ts";
import { messageOf, StateError } from "../model/errors.ts";
import { parseWgKey, type WgKey } from "../model/wg_key.ts";
import { chooseParts } from "../plan/choose_parts.ts";
import { NO_SNAPSHOT, type Snapshot } from "../plan/snapshot.ts";
import { Agent } from "./agent.ts";
import { enrol } from "./enrol.ts";
import { makeFrr } from "./make_frr.ts";
import type { Log } from "./log.ts";
import { FILES, type Identity, KEY_FILE, NO_RECORD, recall } from "./memory.ts";
import { Node } from "./node.ts";
import type { AgentOptions } from "./options.ts";
import { observeIp } from "../host/ip_observe.ts";
import { resolveControllers } from "./resolve.ts";

/** A node that is ready to work, and who it is. */
export interface Started {
  readonly node: Node;
  readonly identity: Identity | undefined;
  readonly snapshot: Snapshot;
  /** Undefined when only reading. */
  readonly lock: Lock | undefined;
}

/** What starting needs. */
export interface StartOptions {
  readonly options: AgentOptions;
  /** Client without a credential. */
  readonly client: ControllerClient;
  /** Where the status goes when that is not the controller. */
  readonly statusClient?: ControllerClient | undefined;
  readonly log: Log;
  /** Writes nothing, not even the state directory, and takes no lock. */
  readonly readOnly?: boolean;
}

/** Refuses to go on as somebody who may not change the network. @throws {StateError} */
export async function requireRoot(exec: Exec): Promise<void> {
  const uid = (await exec.run(["id", "-u"])).stdout.trim();
  if (uid !== "0") {
    throw new StateError("Must run as root: it makes network devices; try again with sudo");
  }
}

async function loadKey(
  exec: Exec,
  dir: StateDir,
): Promise<{ privateKey: WgKey; publicKey: WgKey; isNew: boolean }> {
  const kept = await dir.read(KEY_FILE);
  const privateKey = kept === undefined ? await makePrivateKey(exec) : parseWgKey(kept.trim());
  return { privateKey, publicKey: await publicKeyOf(exec, privateKey), isNew: kept === undefined };
}

async function recallSnapshot(dir: StateDir, log: Log): Promise<Snapshot> {
  try {
    return await recall(dir, FILES.snapshot) ?? NO_SNAPSHOT;
  } catch (error) {
    log("warning", `${messageOf(error)}; asking the controller for everything`);
    return NO_SNAPSHOT;
  }
}

/** Checks the machine and reads what is remembered; changes nothing on the network. @throws {StateError} */
export async function prepare({ options, log, readOnly = false }: StartOptions): Promise<Started> {
  const exec = new SystemExec();
  await requireRoot(exec);
  const parts = chooseParts(options.wishes, await probeCapabilities(exec));
  const dir = new StateDir(options.stateDir);
  if (!readOnly) await dir.prepare();
  const lock = readOnly ? undefined : await dir.lock();
  try {
    const { privateKey, publicKey, isNew } = await loadKey(exec, dir);
    if (isNew && !readOnly) await dir.write(KEY_FILE, `${privateKey}\n`);
    const frr = makeFrr({
      backend: options.frr.backend,
      image: options.frr.image,
      node: options.hostname,
      exec,
      dir,
      log,
    });
    const record = await recall(dir, FILES.host) ?? NO_RECORD;
    const node = new Node({ exec, dir, options, parts, privateKey, publicKey, frr }, {
      ...record,
      frrBackend: options.frr.backend,
      frrNode: options.hostname,
    });
    node.controllerAddresses = await resolveControllers(options.controllers);
    return {
      node,
      identity: await recall(dir, FILES.identity),
      snapshot: await recallSnapshot(dir, log),
      lock,
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Enrols the node unless it is, and makes the agent. @throws {ProblemError} {UnreachableError} {InputError} */
export async function makeAgent(started: Started, start: StartOptions): Promise<Agent> {
  const { node, snapshot } = started;
  const { client, log, options } = start;
  const identity = started.identity?.enrolled === undefined
    ? await enrolNode(node, start)
    : started.identity;
  const { self } = identity.enrolled!;
  log(
    "info",
    `this is node ${self.number}, ${self.name}, AS ${self.asn}, ${self.addresses.join(" ")}`,
  );
  if (self.name !== options.hostname) {
    log(
      "warning",
      `this machine enrolled as "${self.name}"; --hostname ${options.hostname} is not used`,
    );
  }
  const { wg, tunnels, dummy } = node.with_.parts;
  log(
    "info",
    `WireGuard: ${wg}; tunnels: ${tunnels.join(", ")}; node addresses on a ${dummy} device`,
  );
  const mesh = snapshot.meshId === "" ? { ...snapshot, mesh: identity.enrolled!.mesh } : snapshot;
  const { statusClient } = start;
  return new Agent({ node, client, statusClient, identity, snapshot: mesh, log });
}

async function enrolNode(node: Node, { client, log, options }: StartOptions): Promise<Identity> {
  const { exec, dir, frr } = node.with_;
  const token = options.agentToken;
  // The daemons take as long to start as the controller takes to answer; a container may first have to be fetched.
  const isReady = frr?.name === "system" && token !== undefined;
  const starting = isReady ? frr.ensureRunning() : undefined;
  // Its failure is told by the first turn, which tries again.
  const started = starting?.catch(() => ({ started: false }));
  try {
    const { report } = await node.survey((await observeIp(exec)).network, []);
    const identity = await enrol({ dir, client, token, name: options.hostname, report });
    log("info", `enrolled as "${options.hostname}" with ${client.url}`);
    return identity;
  } catch (error) {
    // Who is not let in leaves the machine as it was.
    if ((await started)?.started) await frr!.stop();
    throw error;
  }
}
