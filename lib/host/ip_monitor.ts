import type { Exec } from "./exec.ts";

/**
 * Whether a line of `ip monitor` can mean that something of meshover's was changed by somebody, or that the underlay
 * changed, or that the kernel has a route that FRR may not see. Routes that FRR adds are its business; those it drops may mean that it died.
 */
export function isOfInterest(line: string): boolean {
  if (line.includes("proto bgp") || line.includes("proto zebra")) return line.includes("Deleted");
  if (/^\s/.test(line)) return false;
  return /meshover0|^\S*\[(RULE|ADDR|LINK|NETCONF)\]|default |proto kernel/.test(line);
}

/** Whether a line of `ip monitor` means that FRR changed a route that it learnt: a session came or went. */
export function isLearntRoute(line: string): boolean {
  return line.includes("proto bgp");
}

/** What to call. */
export interface MonitorOptions {
  /** For every line of interest. */
  readonly onChange: () => void;
  /** For every route that FRR put in, replaced or took away. */
  readonly onRoute?: () => void;
  readonly signal: AbortSignal;
}

/** Follows what happens on the host, until `signal` aborts or ip ends (it does not by itself). */
export async function monitorIp(exec: Exec, options: MonitorOptions): Promise<void> {
  const onLine = (line: string) => {
    if (isOfInterest(line)) options.onChange();
    if (isLearntRoute(line)) options.onRoute?.();
  };
  await exec.watch(
    ["ip", "-o", "monitor", "label", "link", "address", "route", "rule", "netconf"],
    {
      onLine,
      signal: options.signal,
    },
  );
}
