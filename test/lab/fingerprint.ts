import type { LabHost } from "./lab_host.ts";
import { waitFor } from "./wait_for.ts";

/** What a host's network looks like, as text, by the command that shows it. */
export type Fingerprint = Readonly<Record<string, string>>;

/** Everything about a host's network that meshover could change. */
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
};

/** Without what shows them. */
const PROCESSES = "ps -e -o comm= | grep -vxE 'ps|sh|grep|sort|timeout|nsenter' | sort";

/** Counters and remaining lifetimes, which change by themselves. */
const VOLATILE =
  /"(valid_life_time|preferred_life_time|expires|used|refcnt|lastuse|age)":[^,}]+,?/g;

/** Reads a host's network and its processes. */
export async function fingerprint(host: LabHost): Promise<Fingerprint> {
  const processes = await host.exec(["sh", "-c", PROCESSES]);
  const views = await Promise.all(
    Object.entries(VIEWS).map(async ([name, command]) => {
      const { stdout } = await host.tryExec(["sh", "-c", `${command} 2>/dev/null`]);
      // One element a line, so that a difference is readable.
      return [name, stdout.replace(VOLATILE, "").replaceAll("},{", "},\n{")] as const;
    }),
  );
  return { ...Object.fromEntries(views), processes };
}

/** What is in one of two fingerprints only, a line each: `-` was there before, `+` is there now. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  return Object.keys({ ...before, ...now }).flatMap((view) => {
    const [old, fresh] = [before[view] ?? "", now[view] ?? ""].map((text) => text.split("\n"));
    const gone = old!.filter((line) => !fresh!.includes(line)).map((line) => `${view}: - ${line}`);
    const come = fresh!.filter((line) => !old!.includes(line)).map((line) => `${view}: + ${line}`);
    return [...gone, ...come];
  });
}

/** Waits until a host is as it was: some programs, as wireguard-go, end a moment after what they served is gone. */
export async function untilAsBefore(host: LabHost, before: Fingerprint): Promise<void> {
  await waitFor(`${host.name} is as it was before`, async () => {
    const left = differences(before, await fingerprint(host));
    if (left.length > 0) throw new Error(left.join("; "));
    return true;
  }, { deadlineS: 10 });
}
