import type { TracedPath } from "../plan/trace_path.ts";
import { type Paint, plain } from "./paint.ts";
import { table } from "./table.ts";

/** A path for people: hop by hop, or why there is none. */
export function pathText(path: TracedPath, paint: Paint = plain): string {
  const { from, address, hops, announcers, delivered, reason, mtu } = path;
  const who = announcers.map(({ node, prefix }) => `${node} (${prefix})`).join(", ");
  const rows = hops.map((hop, i) => [
    String(i + 1),
    `${hop.from} -> ${hop.to}`,
    hop.tunnel,
    hop.kind ?? "-",
    hop.mtu === null ? "-" : String(hop.mtu),
    hop.prefix,
    hop.alternatives.length === 0 ? "" : `or by ${hop.alternatives.join(", ")}`,
  ]);
  const end = delivered === null
    ? paint(`no way: ${reason}`, "bad")
    : hops.length === 0
    ? `${paint("there already", "good")}: ${from} has it itself`
    : `${paint("arrives", "good")} at ${delivered}, in ${hops.length} ${
      hops.length === 1 ? "hop" : "hops"
    }${mtu === null ? "" : `; packets up to ${mtu} bytes`}`;
  return [
    `from ${from} to ${address}`,
    `announced by ${who === "" ? "nobody" : who}`,
    ...(rows.length === 0
      ? []
      : ["", table([["HOP", "", "TUNNEL", "KIND", "MTU", "ROUTE", ""], ...rows], paint)]),
    "",
    end,
  ].join("\n");
}
