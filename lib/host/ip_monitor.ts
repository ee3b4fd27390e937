import type { Exec } from "./exec.ts";

/**
 * Whether a line of `ip monitor` can mean that something of meshover's was changed by somebody, or that the underlay
 * changed. Routes that FRR adds are its business; those it drops may mean that it died.
 */
export function isOfInterest(line: string): boolean {
  if (line.includes("proto bgp") || line.includes("proto zebra")) return line.includes("Deleted");
  if (/^\s/.test(line)) return false;
  return /meshover0|^\S*\[(RULE|ADDR|LINK|NETCONF)\]|default /.test(line);
}

/** Calls `onChange` for every line of interest, until `signal` aborts or ip ends (it does not by itself). */
export async function monitorIp(
  exec: Exec,
  options: { readonly onChange: () => void; readonly signal: AbortSignal },
): Promise<void> {
  const onLine = (line: string) => {
    if (isOfInterest(line)) options.onChange();
  };
  await exec.watch(
    ["ip", "-o", "monitor", "label", "link", "address", "route", "rule", "netconf"],
    {
      onLine,
      signal: options.signal,
    },
  );
}
