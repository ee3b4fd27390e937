import { tryParseAddress } from "../model/address.ts";

/** Lists whose entries FRR numbers by itself (`seq 5`) when the number is left out. */
const NUMBERED =
  /^((?:ip|ipv6) prefix-list \S+|(?:ip |ipv6 )?access-list \S+|bgp as-path access-list \S+|bgp (?:large-|ext)?community-list \S+ \S+) seq \d+ /;

/** The line without the number that FRR gave to the entry of a list. */
export function unnumbered(line: string): string {
  return line.replace(NUMBERED, "$1 ");
}

/** Commands that hold one value: setting another replaces it. The first groups together name what is set. */
const SINGLE = [
  /^(hostname) /,
  /^(bgp (?:router-id|cluster-id)) /,
  /^(neighbor \S+ (?:bfd profile|timers connect|timers(?= \d)|description|remote-as|maximum-prefix|weight|update-source|advertisement-interval)) /,
  /^(neighbor \S+ route-map) \S+ (in|out)$/,
  /^(neighbor \S+ prefix-list) \S+ (in|out)$/,
  /^(neighbor \S+ filter-list) \S+ (in|out)$/,
  /^(bgp as-path access-list \S+ seq \d+) /,
  /^(redistribute \S+)/,
  /^(import vrf route-map) /,
  /^((?:ip|ipv6) protocol \S+) /,
  /^(ipv6 nd (?:ra-interval|ra-lifetime)) /,
  /^((?:detect-multiplier|receive-interval|transmit-interval|echo-interval|minimum-ttl)) /,
  /^(timers bgp|maximum-paths(?! ibgp)|maximum-paths ibgp|table|call|on-match) /,
  /^(match (?:ip|ipv6) \S+ \S+) /,
  /^((?:match|set) (?!ip |ipv6 )\S+)/,
  /^(set (?:ip|ipv6) \S+)/,
] as const;

/** What a command sets, for one that holds a single value; undefined for those that add to what is there. */
export function settingOf(line: string): string | undefined {
  for (const pattern of SINGLE) {
    const match = pattern.exec(line);
    if (match !== null) return match.slice(1).join(" ");
  }
  return undefined;
}

/** Commands of which there may be any number side by side. */
const MANY =
  /prefix-list|access-list|community-list|^network |^neighbor \S+ (interface|peer-group|activate)/;

/** Whether two commands may be two values of one setting that {@link settingOf} does not know. */
export function mayCollide(a: string, b: string): boolean {
  if (MANY.test(a)) return false;
  const head = (line: string) => line.slice(0, line.lastIndexOf(" "));
  return a.includes(" ") && head(a) === head(b);
}

/** The command that takes a command back. */
export function negated(line: string): string {
  if (line.startsWith("no ")) return line.slice(3);
  const description = /^(neighbor \S+ description) /.exec(line);
  return `no ${description?.[1] ?? line}`;
}

/** The neighbour that a command makes, so that taking it back takes everything of that neighbour; undefined for others. */
export function neighborMade(line: string): string | undefined {
  const made = /^neighbor (\S+) (?:interface .*|peer-group)$/.exec(line);
  if (made !== null) return made[1];
  const remote = /^neighbor (\S+) remote-as \S+$/.exec(line);
  return remote !== null && tryParseAddress(remote[1]!) !== undefined ? remote[1] : undefined;
}

/** The neighbour that a command is about. */
export function neighborOf(line: string): string | undefined {
  return /^(?:no )?neighbor (\S+) /.exec(line)?.[1];
}
