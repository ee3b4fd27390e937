import { z } from "zod";
import type { LabHost } from "./lab_host.ts";

/** Device that carries a node's addresses. */
export const NODE_DEVICE = "dummy-meshover0";

const linksSchema = z.array(z.looseObject({
  ifname: z.string(),
  addr_info: z.array(z.looseObject({ family: z.string(), local: z.string(), scope: z.string() }))
    .default([]),
}));

/** Addresses of a node in the overlay. */
export interface NodeAddress {
  readonly v4: string;
  readonly v6: string | undefined;
}

/** Reads a node's overlay addresses from its kernel; `undefined` while it has none. */
export async function nodeAddress(host: LabHost): Promise<NodeAddress | undefined> {
  // All devices: asked for one that is not there, the kernel looks for a module of that name first.
  const { code, stdout } = await host.tryExec(["ip", "-j", "addr"]);
  if (code !== 0) return undefined;
  const addresses = linksSchema.parse(JSON.parse(stdout))
    .flatMap((link) => link.ifname === NODE_DEVICE ? link.addr_info : [])
    .filter((address) => address.scope === "global");
  const of = (family: string) => addresses.find((address) => address.family === family)?.local;
  const v4 = of("inet");
  return v4 === undefined ? undefined : { v4, v6: of("inet6") };
}
