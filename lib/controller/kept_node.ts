import type { IpAddress } from "../model/address.ts";
import type { Asn } from "../model/asn.ts";
import type { HostName } from "../model/host_name.ts";
import type { Assignment, NodeReport, Peer } from "../model/node.ts";
import type { NodeRecord } from "../store/nodes.ts";

/** A node as it is kept in memory: its record stays JSON, because it is mostly sent and seldom looked into. */
export interface KeptNode {
  readonly number: number;
  readonly name: HostName;
  readonly asn: Asn;
  readonly revision: number;
  readonly secretHash: string | null;
  readonly nextSecretHash: string | null;
  /** Null until it enrolled. */
  readonly enrolledAt: string | null;
  /** JSON of a {@link Peer}, or of an {@link Assignment} alone while it has told nothing about itself. */
  readonly json: string;
  /** Whether `json` is a {@link Peer}. */
  readonly isPeer: boolean;
  /** Whether it was asked to make a new secret. */
  readonly rotationAsked: boolean;
}

/** What a node is and told, as its peers see it; undefined until it has told about itself. */
export function peerOf(node: KeptNode): Peer | undefined {
  return node.isPeer ? JSON.parse(node.json) as Peer : undefined;
}

/** What the controller gave a node. */
export function assignmentOf(node: KeptNode): Assignment {
  return assignmentWithin(JSON.parse(node.json) as Assignment);
}

/** The assignment alone, of a record that holds more. */
export function assignmentWithin(record: Assignment): Assignment {
  const { number, name, asn, addresses, tunnelAddress, tunnelAddress6 } = record;
  const self = { number, name, asn, addresses, tunnelAddress };
  return tunnelAddress6 === undefined ? self : { ...self, tunnelAddress6 };
}

/** Whether a node that tells this tells nothing new. */
export function tellsNothingNew(
  node: KeptNode,
  told: { report: NodeReport; seenAddress: IpAddress | null },
): boolean {
  const { revision, rotationAsked } = node;
  const self = assignmentOf(node);
  return node.isPeer && node.json === peerJson({ ...told, self, revision, rotationAsked });
}

/** The record as it is kept. */
export function keptOf(record: NodeRecord): KeptNode {
  const { self, report, seenAddress, revision, secretHash, nextSecretHash, enrolledAt } = record;
  const { rotationAsked } = record;
  return {
    number: self.number,
    name: self.name,
    asn: self.asn,
    revision,
    secretHash,
    nextSecretHash,
    enrolledAt,
    json: report === null
      ? JSON.stringify(self)
      : peerJson({ self, report, seenAddress, revision, rotationAsked }),
    isPeer: report !== null,
    rotationAsked,
  };
}

function peerJson(
  record: Pick<NodeRecord, "self" | "seenAddress" | "revision" | "rotationAsked"> & {
    readonly report: NodeReport;
  },
): string {
  const { self, report, seenAddress, revision, rotationAsked } = record;
  const known = seenAddress !== null && report.candidates.includes(seenAddress);
  const peer: Peer = {
    ...self,
    ...report,
    seenAddress: known ? null : seenAddress,
    revision,
    ...(rotationAsked ? { rotateSecret: true } : {}),
  };
  return JSON.stringify(peer);
}
