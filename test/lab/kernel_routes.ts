import { z } from "zod";
import type { LabHost } from "./lab_host.ts";

const nextHopSchema = z.looseObject({ dev: z.string().optional() });

const routeSchema = z.looseObject({
  dst: z.string(),
  protocol: z.string().optional(),
  dev: z.string().optional(),
  nexthops: z.array(nextHopSchema).default([]),
});
/** A route as `ip -j route` shows it. */
export type KernelRoute = z.infer<typeof routeSchema>;

/** A node's main routing table. */
export async function kernelRoutes(host: LabHost, family: 4 | 6 = 4): Promise<KernelRoute[]> {
  return z.array(routeSchema).parse(await host.json(["ip", `-${family}`, "-j", "route"]));
}

/** Devices over which a route leads. */
export function devicesOf(route: KernelRoute): string[] {
  return [route.dev, ...route.nexthops.map((hop) => hop.dev)].filter((dev) => dev !== undefined);
}
