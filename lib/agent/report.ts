import type { Exec } from "../host/exec.ts";
import { StateDir } from "../host/state_dir.ts";
import { messageOf } from "../model/errors.ts";
import { VERSION } from "../model/version.ts";
import type { Check } from "../plan/doctor_check.ts";
import { STATUS_FILE } from "./local_status.ts";
import { FILES, KEY_FILE, NO_RECORD, recall } from "./memory.ts";
import { backendOf } from "./make_frr.ts";
import { orElse } from "./or_else.ts";
import { redact, type Secrets } from "./report_redact.ts";
import { commandSections, type Section, type VtyshWords } from "./report_sections.ts";

/** What a report is made of. */
export interface ReportOptions {
  readonly exec: Exec;
  readonly stateDir: string;
  readonly checks: readonly Check[];
  /** Secrets that the caller was given, such as a token in the environment, with the word that stands for each. */
  readonly given: ReadonlyMap<string, string>;
  readonly now: Date;
}

const PREFACE = [
  "Secrets (keys, tokens, passwords) were taken out by meshover. Names, addresses and routes are still in here:",
  "read it before you give it to others.",
].join("\n");

async function secretsOf(options: ReportOptions): Promise<Secrets> {
  const dir = new StateDir(options.stateDir);
  const identity = await orElse(recall(dir, FILES.identity), undefined);
  const key = (await orElse(dir.read(KEY_FILE), undefined))?.trim();
  const snapshot = await orElse(recall(dir, FILES.snapshot), undefined);
  const exact = new Map(options.given);
  if (identity !== undefined) exact.set(identity.secret, "node secret");
  if (key !== undefined) exact.set(key, "private key");
  return { exact, publicKeys: new Set(snapshot?.peers.map((peer) => peer.publicKey)) };
}

async function fileSection(dir: StateDir, name: string): Promise<Section> {
  const title = `${dir.path}/${name}`;
  try {
    return { title, text: (await dir.read(name) ?? "(does not exist)").trimEnd() };
  } catch (error) {
    return { title, text: `(${messageOf(error)})` };
  }
}

/** How vtysh is run here; without a record, or without FRR, as a program of the host. */
async function vtyshOf({ exec }: ReportOptions, dir: StateDir): Promise<VtyshWords> {
  const record = await orElse(recall(dir, FILES.host), undefined);
  const { frrBackend: backend, frrNode: node } = record ?? NO_RECORD;
  if (backend === "none") return (args) => ["vtysh", ...args];
  const way = backendOf({ backend, exec, dir, node, image: undefined, log: () => {} }, backend);
  return (args) => way.vtysh(args);
}

function checkSection(checks: readonly Check[]): Section {
  const lines = checks.map(({ verdict, id, found }) => `${verdict} ${id}: ${found}`);
  return { title: "meshover doctor", text: lines.join("\n") };
}

/** A report of this node for a bug thread, without anything secret in it. */
export async function makeReport(options: ReportOptions): Promise<string> {
  const dir = new StateDir(options.stateDir);
  const secrets = await secretsOf(options);
  const head = `meshover ${VERSION}, report of ${options.now.toISOString()}\n${PREFACE}\n`;
  const files = [STATUS_FILE, FILES.identity.name, FILES.snapshot.name, FILES.host.name];
  const sections = [
    checkSection(options.checks),
    ...await Promise.all(files.map((name) => fileSection(dir, name))),
    ...await commandSections(options.exec, await vtyshOf(options, dir)),
  ];
  const body = sections.map(({ title, text }) => `\n===== ${title}\n${text}\n`).join("");
  return head + redact(body, secrets);
}
