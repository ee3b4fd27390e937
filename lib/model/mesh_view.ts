/** What can be wrong with a link, gravest first. `silent`: an end has not been heard of. */
export const LINK_FAULTS = ["no-handshake", "bgp-down", "silent"] as const;
/** See {@link LINK_FAULTS}. */
export type LinkFault = typeof LINK_FAULTS[number];

/**
 * How a node is, gravest first. `silent`: it has told nothing for {@link STATUS_TTL_S}; `unheard`: nothing since the
 * controller started; `trouble`: it tells of links or changes that fail.
 */
export const NODE_STATES = ["silent", "unheard", "trouble", "well"] as const;
/** See {@link NODE_STATES}. */
export type NodeState = typeof NODE_STATES[number];

/** A node on the overview. Nothing here changes while the node is well and nothing happens. */
export interface NodeView {
  readonly number: number;
  readonly name: string;
  readonly asn: number;
  readonly addresses: readonly string[];
  readonly version: string;
  readonly state: NodeState;
  /** RFC 3339 time since when it is in this state; null when that is not known. */
  readonly since: string | null;
  /** Peers that it knows. */
  readonly peers: number;
  /** Those with a fresh WireGuard handshake. */
  readonly handshakes: number;
  /** Those with an established BGP session; null when it runs no BGP. */
  readonly sessions: number | null;
  /** Routes that it uses of those learnt over the overlay; null when it has not told. */
  readonly accepted: number | null;
  /** Changes that its last reconcile could not make. */
  readonly failed: number;
}

/** A link that is not well. */
export interface FaultView {
  /** Numbers of the ends, the lower one first. */
  readonly a: number;
  readonly b: number;
  readonly fault: LinkFault;
  /** Numbers of the ends that say so. */
  readonly by: readonly number[];
  /** FRR's word for the session, `never` or `stale` for the handshake. */
  readonly word: string;
  /** RFC 3339. */
  readonly since: string;
}

/** Something that happened to the mesh lately. */
export interface MeshEvent {
  /** Grows by one from event to event, from 1 when the controller starts. */
  readonly id: number;
  /** RFC 3339. */
  readonly at: string;
  readonly kind:
    | "node-joined"
    | "node-removed"
    | "node-silent"
    | "node-back"
    | "link-down"
    | "link-up"
    | "change-failed";
  readonly node: string;
  /** The other end, or the change that failed. */
  readonly other: string;
  readonly detail: string;
}

/** The whole mesh at one glance. */
export interface MeshView {
  readonly revision: number;
  /** By number. */
  readonly nodes: readonly NodeView[];
  /** The gravest first, at most {@link MAX_FAULTS}. */
  readonly faults: readonly FaultView[];
  /** How many links are not well, also those beyond the limit. */
  readonly faultCount: number;
  /**
   * Which pairs have a tunnel: base64 of one bit for every pair i < j of indexes into `nodes`, in the order (0,1), (0,2), … (1,2), …,
   * lowest bit first. Null in meshes too large to draw line by line.
   */
  readonly pairs: string | null;
}

/** Links told of at most. */
export const MAX_FAULTS = 2_000;

/** Nodes up to which {@link MeshView.pairs} is told. */
export const MAX_PAIRED_NODES = 600;

/** What a viewer of the dashboard is sent, one JSON object a line. */
export type DashboardMessage =
  | {
    readonly kind: "mesh";
    readonly view: MeshView;
    readonly events: readonly MeshEvent[];
    readonly about: DashboardFacts;
  }
  | {
    readonly kind: "change";
    readonly revision: number;
    /** Nodes that are new or differ. */
    readonly nodes: readonly NodeView[];
    /** Numbers of nodes that are gone. */
    readonly removed: readonly number[];
    /** All faults, when they differ; absent otherwise. */
    readonly faults?: readonly FaultView[];
    readonly faultCount: number;
    /** Present when it differs. */
    readonly pairs?: string | null;
    readonly events: readonly MeshEvent[];
  };

/** What the dashboard must know of its controller. */
export interface DashboardFacts {
  readonly version: string;
  /** Fingerprint of the CA that agents pin; null when there is none of its own. */
  readonly ca: string | null;
  readonly meshId: string;
}
