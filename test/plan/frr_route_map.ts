import { contains, partsOf, type Prefix } from "../../lib/model/prefix.ts";
import { parseFrrText } from "../../lib/plan/frr_text.ts";

/** A route as a route map sees it. */
export interface SeenRoute {
  readonly prefix: Prefix;
  /** AS numbers, the peer's first. */
  readonly path: readonly number[];
}

/** Reads a route map out of a configuration and judges routes as FRR does, as far as meshover's own use of it goes. */
export function readRouteMap(text: string, name: string): (route: SeenRoute) => boolean {
  const commands = parseFrrText(text);
  const lines = commands.map(({ line }) => line);
  const entries = commands.flatMap(({ line, children }) => {
    const entry = /^route-map (\S+) (permit|deny) (\d+)$/.exec(line);
    return entry?.[1] === name
      ? [{
        verdict: entry[2]!,
        at: Number(entry[3]),
        matches: (children ?? []).map((c) => c.line),
      }]
      : [];
  }).sort((a, b) => a.at - b.at);
  return (route) => {
    const first = entries.find(({ matches }) => matches.every((m) => matchOf(m, { lines, route })));
    return first?.verdict === "permit";
  };
}

function matchOf(
  match: string,
  { lines, route }: { lines: readonly string[]; route: SeenRoute },
): boolean {
  const path = /^match as-path (\S+)$/.exec(match)?.[1];
  if (path !== undefined) return matchesPath(path, { lines, route });
  const list = /^match (ip|ipv6) address prefix-list (\S+)$/.exec(match);
  if (list === null) throw new Error(`cannot judge "${match}"`);
  const own = lines.filter((line) => line.startsWith(`${list[1]} prefix-list ${list[2]} permit `));
  return own.some((line) => inRange(line.split(" permit ")[1]!, route.prefix));
}

function matchesPath(
  name: string,
  { lines, route }: { lines: readonly string[]; route: SeenRoute },
): boolean {
  const entry = new RegExp(
    `^bgp as-path access-list ${name} (?:seq (\\d+) )?(permit|deny) (.*)$`,
  );
  const entries = lines.flatMap((line) => {
    const found = entry.exec(line);
    return found === null
      ? []
      : [{ at: Number(found[1] ?? 5), verdict: found[2], regex: found[3]! }];
  }).sort((a, b) => a.at - b.at);
  const words = route.path.join(" ");
  const first = entries.find(({ regex }) =>
    new RegExp(regex.replaceAll("_", "(?:^|[, {}()]|$)")).test(words)
  );
  return first?.verdict === "permit";
}

function inRange(range: string, prefix: Prefix): boolean {
  const [outer, , le] = range.split(" ") as [Prefix, string?, string?];
  const { length } = partsOf(prefix);
  return contains(outer, prefix) && (le === undefined ? outer === prefix : length <= Number(le));
}
