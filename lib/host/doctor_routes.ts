import { type IpAddress, tryParseAddress } from "../model/address.ts";
import { hostPrefix, tryParsePrefix } from "../model/prefix.ts";
import type { RouteFact } from "../plan/doctor_facts.ts";
import { ask } from "./doctor_programs.ts";
import type { Exec } from "./exec.ts";

interface IpRoute {
  readonly dst: string;
  readonly dev?: string;
  readonly protocol?: string;
  readonly table?: string;
}

/** The routes of a host, and the devices whose default route came in a router advertisement. */
export interface HostRoutes {
  readonly routes: readonly RouteFact[];
  readonly advertised: readonly string[];
}

function readRows(stdout: string): readonly IpRoute[] {
  try {
    return JSON.parse(stdout) as readonly IpRoute[];
  } catch {
    return [];
  }
}

function routeOf(row: IpRoute): RouteFact[] {
  const dst = row.dst.includes("/")
    ? tryParsePrefix(row.dst)
    : tryParseAddress(row.dst) === undefined
    ? undefined
    : hostPrefix(row.dst as IpAddress);
  if (dst === undefined) return [];
  return [{ dst, dev: row.dev, protocol: row.protocol ?? "", table: row.table ?? "main" }];
}

/** All routes of all tables, of both families; default routes only as far as they were advertised. */
export async function allRoutes(exec: Exec): Promise<HostRoutes> {
  const answers = await Promise.all(
    ["-4", "-6"].map((family) => ask(exec, ["ip", "-j", family, "route", "show", "table", "all"])),
  );
  const rows = answers.flatMap((answer) => readRows(answer?.stdout ?? ""));
  const advertised = rows.filter((r) =>
    r.dst === "default" && r.protocol === "ra" && r.dev !== undefined
  );
  return {
    routes: rows.filter((r) => r.table !== "local").flatMap(routeOf),
    advertised: [...new Set(advertised.map((r) => r.dev!))],
  };
}
