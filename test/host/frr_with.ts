import type { ExecResult } from "../../lib/host/exec.ts";
import { Frr } from "../../lib/host/frr.ts";
import type { FrrBackend } from "../../lib/host/frr_backend.ts";
import { FakeExec } from "./fake_exec.ts";

/** What a program that succeeded has printed. */
export const ok = (stdout: string): ExecResult => ({ code: 0, stdout, stderr: "" });

/** A way to run FRR that runs nothing. */
export const backend: FrrBackend = {
  name: "fake",
  vtysh: (args) => ["vtysh", ...args],
  ensureRunning: () => Promise.resolve({ started: false }),
  stop: () => Promise.resolve(),
  describe: () => Promise.resolve("fake"),
};

/** An FRR whose vtysh gives these answers, and what was run. */
export function frrWith(
  answers: Record<string, ExecResult>,
  now: () => number = () => 0,
): { frr: Frr; exec: FakeExec } {
  const exec = new FakeExec(answers);
  return { frr: new Frr({ exec, backend, now }), exec };
}

/** How FRR 8 is asked for its configuration. */
export const LIST =
  "vtysh -c show running-config -c show running-config bgpd -c show running-config zebra -c show daemons -c show bgp summary json";

/** How it is asked while nothing is known to have changed. */
export const LIST_WHOLE = "vtysh -c show running-config -c show daemons -c show bgp summary json";

/** A configuration as FRR lists it. */
export const listing = (text: string): string =>
  `Building configuration...\n\nCurrent configuration:\n!\n${text}end\n`;

/** The listing of an FRR without any configuration. */
export const EMPTY: ExecResult = ok(
  `${listing("")}${listing("")}${listing("")} zebra bgpd bfdd\n`,
);
