import type { FrrState } from "../plan/host_state.ts";

/** A BGP session as FRR sees it. */
export interface BgpSession {
  /** Device, as the sessions are unnumbered. */
  readonly tunnel: string;
  /** FRR's word: `Established`, `Idle`, `Active`, … */
  readonly state: string;
  readonly prefixesReceived: number;
  readonly prefixesSent: number;
}

/** What the agent needs of FRR, whichever way it is run. */
export interface FrrPort {
  /** In words, for example `system`. */
  readonly name: string;
  /** Makes sure that the daemons run; `started` when they had to be started. */
  ensureRunning(): Promise<{ readonly started: boolean }>;
  /** `show running-config`; undefined when FRR does not answer. */
  running(): Promise<string | undefined>;
  /** Carries out configuration lines. @throws {StateError} with FRR's own words. */
  apply(lines: readonly string[]): Promise<void>;
  /** Sessions by tunnel. */
  sessions(): Promise<ReadonlyMap<string, BgpSession>>;
  /** Tunnels whose session can never come up because zebra missed their link-local address. */
  stuckTunnels(sessions: ReadonlyMap<string, BgpSession>): Promise<readonly string[]>;
  /** Version, for the status. */
  version(): Promise<string>;
  /** Ends what `ensureRunning` started. */
  stop(): Promise<void>;
}

/** The desired configuration, from what the agent knows. */
export type RenderFrr = () => FrrState | undefined;
