import { ask } from "../host/doctor_programs.ts";
import type { Exec } from "../host/exec.ts";

/** A part of the report. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** Lines of the agent's log that are kept. */
const LOG_LINES = 500;
/** Characters that are kept of one command: a full routing table would make the report unreadable. */
const KEPT = 200_000;

/** What is asked of the machine. None of these writes; `wg show` hides the private key by itself. */
const COMMANDS: readonly (readonly string[])[] = [
  ["uname", "-a"],
  ["cat", "/etc/os-release"],
  ["date", "--rfc-3339=seconds"],
  ["ip", "-d", "-s", "link"],
  ["ip", "address"],
  ["ip", "-4", "route", "show", "table", "all"],
  ["ip", "-6", "route", "show", "table", "all"],
  ["ip", "-4", "rule"],
  ["ip", "-6", "rule"],
  ["ip", "netconf"],
  ["wg", "show", "meshover0"],
  ["nft", "list", "table", "inet", "meshover"],
  ["ss", "-l", "-n", "-p", "-u", "-t"],
  ["sysctl", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.ipv4.conf.all.rp_filter"],
  ["journalctl", "-u", "meshover-agent", "-n", String(LOG_LINES), "--no-pager", "-o", "short-iso"],
];

/** What FRR is asked. */
const FRR_COMMANDS: readonly string[] = [
  "show version",
  "show running-config",
  "show bgp summary",
  "show bfd peers brief",
  "show ip route summary",
];

/** The words that run vtysh with these arguments: on the host, or in FRR's container. */
export type VtyshWords = (args: readonly string[]) => readonly string[];

function shortened(text: string): string {
  return text.length <= KEPT
    ? text
    : `${text.slice(0, KEPT)}\n[${text.length - KEPT} characters left out]`;
}

/** Runs the commands; one that is not installed or fails says so in its place. */
export async function commandSections(
  exec: Exec,
  vtysh: VtyshWords,
): Promise<readonly Section[]> {
  const all = [...COMMANDS, ...FRR_COMMANDS.map((command) => vtysh(["-c", command]))];
  return await Promise.all(all.map(async (argv) => {
    const title = argv.map((word) => word.includes(" ") ? `"${word}"` : word).join(" ");
    const result = await ask(exec, argv);
    if (result === undefined) return { title, text: "(not installed)" };
    const said = shortened(`${result.stdout}${result.stderr}`.trimEnd());
    return { title, text: result.code === 0 ? said : `${said}\n(exit ${result.code})`.trimStart() };
  }));
}
