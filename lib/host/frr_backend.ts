/** A way to run FRR's daemons on this host. */
export interface FrrBackend {
  /** `system`, `podman`, … */
  readonly name: string;
  /** The words that run vtysh with these arguments. */
  vtysh(args: readonly string[], options?: VtyshOptions): readonly string[];
  /** The words that run a vtysh that stays and reads commands from its standard input; absent where none is to stay. */
  readonly shell?: readonly string[];
  /**
   * Makes sure that zebra, bgpd and bfdd run and answer to vtysh; `started` when any had to be started.
   * @throws {StateError} saying what is missing and what to do.
   */
  ensureRunning(): Promise<{ readonly started: boolean }>;
  /** Daemons that have to answer for FRR to be whole; {@link ALWAYS_NEEDED} where absent. */
  needed?(): Promise<readonly FrrDaemon[]>;
  /** Starts mgmtd anew where that is this program's to do; false where it is not. */
  restartMgmtd?(): Promise<boolean>;
  /** Replaces what runs when it was made from other parts than it would be now; absent where nothing is made. */
  ensureCurrent?(): Promise<{ readonly replaced: boolean }>;
  /** Ends what {@link ensureRunning} started, and nothing else. */
  stop(): Promise<void>;
  /** In words, for people: where FRR runs. */
  describe(): Promise<string>;
}

/** How vtysh is run. */
export interface VtyshOptions {
  /** Text will be given on standard input. */
  readonly stdin?: boolean;
}

/** The daemons that meshover may have to start, in the order in which they want to be started. */
export const FRR_DAEMONS = ["mgmtd", "zebra", "bgpd", "bfdd"] as const;

/** A daemon of {@link FRR_DAEMONS}. */
export type FrrDaemon = typeof FRR_DAEMONS[number];

/** The daemons that every version of FRR needs; mgmtd, which takes zebra's configuration, came with 9. */
export const ALWAYS_NEEDED: readonly FrrDaemon[] = ["zebra", "bgpd", "bfdd"];

/** Which of the needed daemons `show daemons` does not list. */
export function missingDaemons(
  showDaemons: string,
  needed: readonly FrrDaemon[] = ALWAYS_NEEDED,
): FrrDaemon[] {
  const listed = new Set(showDaemons.split(/\s+/));
  return needed.filter((daemon) => !listed.has(daemon));
}
