import type { LabHost } from "./lab_host.ts";

/** Everything about a host's network that meshover could change, by the command that shows it. */
const VIEWS: Readonly<Record<string, string>> = {
  "ip link": "ip -j link",
  "ip addr": "ip -j addr",
  "ip route": "ip -j -4 route show table all",
  "ip -6 route": "ip -j -6 route show table all",
  "ip rule": "ip -j -4 rule",
  "ip -6 rule": "ip -j -6 rule",
  "wg show": "wg show",
  "nft list ruleset": "nft list ruleset",
  "sysctl net.ipv4": "sysctl net.ipv4.conf net.ipv4.ip_forward net.ipv4.fib_multipath_hash_policy",
  "sysctl net.ipv6": "sysctl net.ipv6.conf",
  "processes": "ps -e -o comm= | grep -vE '^(ps|sh|grep|sort|timeout|nsenter)$' | sort",
};

/** Counters and remaining lifetimes, which change by themselves. */
const VOLATILE =
  /"(valid_life_time|preferred_life_time|expires|used|refcnt|lastuse|age)":[^,}]+,?/g;

/** Reads a host's network as text, by view, so that two readings can be compared. */
export async function fingerprint(host: LabHost): Promise<Record<string, string>> {
  const views = await Promise.all(
    Object.entries(VIEWS).map(async ([name, command]) => {
      const { stdout } = await host.tryExec(["sh", "-c", `${command} 2>/dev/null`]);
      // One element a line, so that a difference is readable.
      const lines = stdout.replace(VOLATILE, "").replaceAll("},{", "},\n{");
      return [name, name.startsWith("sysctl") ? stable(lines) : lines] as const;
    }),
  );
  return Object.fromEntries(views);
}

/** The kernel renews this by itself (RFC 7217 secrets, MTU learnt from advertisements). */
function stable(sysctls: string): string {
  return sysctls.split("\n").filter((line) => !/stable_secret/.test(line)).join("\n");
}
