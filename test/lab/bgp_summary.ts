import { z } from "zod";
import type { LabHost } from "./lab_host.ts";

const familySchema = z.looseObject({
  as: z.int(),
  peers: z.record(
    z.string(),
    z.looseObject({
      state: z.string(),
      connectionsEstablished: z.int().default(0),
      peerUptimeMsec: z.number().default(0),
    }),
  ).default({}),
});

/** What FRR says of its BGP sessions. */
export interface BgpSummary {
  readonly as: number;
  /** By device: FRR's word for the state, and how often the session came up. */
  readonly sessions: ReadonlyMap<string, { readonly state: string; readonly established: number }>;
}

/** Reads the BGP sessions of a node from its FRR. */
export async function bgpSummary(host: LabHost): Promise<BgpSummary> {
  const answer = await host.json(["vtysh", "-c", "show bgp summary json"]);
  const { ipv4Unicast } = z.looseObject({ ipv4Unicast: familySchema }).parse(answer);
  const sessions = Object.entries(ipv4Unicast.peers).map(([device, peer]) =>
    [device, { state: peer.state, established: peer.connectionsEstablished }] as const
  );
  return { as: ipv4Unicast.as, sessions: new Map(sessions) };
}
