/** A daemon of FRR 10 that takes a part of the configuration. */
export type ConfiguredDaemon = "mgmtd" | "bgpd" | "bfdd";

/** Lines of a configuration session, by the daemon that takes them, in the order in which they were. */
export type LinesByDaemon = Readonly<Record<ConfiguredDaemon, readonly string[]>>;

/** Who takes a command, and what may stand in its block. */
interface Rule {
  readonly command: RegExp;
  readonly takers: readonly ConfiguredDaemon[];
  /** Who takes the commands of its block; the first that matches counts. Absent where there is no block. */
  readonly block?: readonly Rule[];
}

const ANY: RegExp = /^/;
const MAPS: readonly ConfiguredDaemon[] = ["mgmtd", "bgpd"];
const LISTS: readonly ConfiguredDaemon[] = ["mgmtd", "bgpd", "bfdd"];

/** Daemons beside which lines may be parted: others keep copies of filters, too, and must be given them. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["mgmtd", "zebra", "bgpd", "bfdd"],
  // These take no filters: staticd's configuration is mgmtd's.
  ...["staticd", "watchfrr"],
]);

/** Whether lines may be parted beside these daemons: mgmtd is there, and none that is not known. */
export function canPart(daemons: readonly string[]): boolean {
  return daemons.includes("mgmtd") && daemons.every((daemon) => KNOWN.has(daemon));
}

/**
 * As FRR 10.3's vtysh hands commands out. In FRR 10 mgmtd has zebra's configuration and its copy of the filters, bgpd has its own
 * copy of them, bfdd one of the prefix lists. Only what meshover's own templates say is listed: all else goes by vtysh's choice.
 */
const RULES: readonly Rule[] = [
  { command: /^(no )?(ip|ipv6) prefix-list /, takers: LISTS },
  { command: /^no route-map /, takers: MAPS },
  {
    command: /^route-map /,
    takers: MAPS,
    block: [
      { command: /^(no )?match as-path /, takers: ["bgpd"] },
      {
        command: /^(no )?(match (ip|ipv6) address |match interface |call|on-match)/,
        takers: MAPS,
      },
    ],
  },
  { command: /^(no )?bgp as-path access-list /, takers: ["bgpd"] },
  { command: /^(no )?(ip|ipv6) protocol bgp route-map/, takers: ["mgmtd"] },
  {
    command: /^interface /,
    takers: ["mgmtd"],
    block: [{ command: /^(no )?ipv6 nd /, takers: ["mgmtd"] }],
  },
  { command: /^bfd$/, takers: ["bfdd"], block: [{ command: ANY, takers: ["bfdd"] }] },
  { command: /^no router bgp/, takers: ["bgpd"] },
  { command: /^router bgp /, takers: ["bgpd"], block: [{ command: ANY, takers: ["bgpd"] }] },
];

/** Blocks within a block; their own `exit` is not that of the outer one. */
const INNER = /^(profile|address-family) /;
const EXIT = /^exit(-\S+)?$/;

/** The lines of a session for each daemon; undefined when one of them is not known to be for these daemons alone. */
export function linesByDaemon(lines: readonly string[]): LinesByDaemon | undefined {
  const out = { mgmtd: [] as string[], bgpd: [] as string[], bfdd: [] as string[] };
  const inside: Rule[] = [];
  for (const line of lines) {
    const command = line.trim();
    const outer = inside.at(-1);
    const rule = EXIT.test(command)
      ? inside.pop()
      : (outer === undefined ? RULES : outer.block)?.find((one) => one.command.test(command));
    if (rule === undefined) return undefined;
    for (const daemon of rule.takers) out[daemon].push(line);
    if (EXIT.test(command)) continue;
    if (outer === undefined ? rule.block !== undefined : INNER.test(command)) {
      inside.push(outer ?? rule);
    }
  }
  return out;
}
