import type { Family } from "../model/address.ts";
import type { Prefix } from "../model/prefix.ts";
import { rangesOf, wholePrefixes } from "./frr_ranges.ts";

const FAMILIES = [4, 6] as const;

/** Prefix lists, one of each family that there are prefixes of, with everything inside the prefixes. */
export function listLines(name: string, prefixes: readonly Prefix[]): string[] {
  const ranges = wholePrefixes(prefixes);
  return [
    ...rangesOf(4, ranges).map((range) => `ip prefix-list ${name} permit ${range}`),
    ...rangesOf(6, ranges).map((range) => `ipv6 prefix-list ${name} permit ${range}`),
  ];
}

/** An entry of the route map `meshover-trust`. */
export interface Entry {
  readonly verdict: "permit" | "deny";
  readonly place: number;
  /** Name of the prefix lists, one of each family. */
  readonly prefixes: string;
  /** Name of an as-path list that has to match as well. */
  readonly path?: string;
}

/** An entry for each family of which the list has elements. */
export function entryLines(entry: Entry, listed: readonly Prefix[]): string[] {
  return FAMILIES.filter((family) => listed.some((prefix) => isOf(prefix, family))).flatMap(
    (family) => [
      `route-map meshover-trust ${entry.verdict} ${entry.place + (family === 6 ? 1 : 0)}`,
      ...(entry.path === undefined ? [] : [` match as-path ${entry.path}`]),
      ` match ${family === 6 ? "ipv6" : "ip"} address prefix-list ${entry.prefixes}`,
      "exit",
    ],
  );
}

function isOf(prefix: Prefix, family: Family): boolean {
  return prefix.includes(":") === (family === 6);
}
