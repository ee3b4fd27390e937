import type { MeshState } from "./mesh_state.ts";

/** Who joined and who left. */
export interface MemberChange {
  readonly joined: readonly string[];
  readonly left: readonly { readonly number: number; readonly name: string }[];
}

/** The enrolled nodes, looked at again and again. */
export class Members {
  readonly #state: MeshState;
  #names: ReadonlyMap<number, string> | undefined;
  #revision = -1;

  constructor(state: MeshState) {
    this.#state = state;
  }

  /** What differs from the last look; undefined when nothing can. On the first look nobody joined: they were there. */
  look(): MemberChange | undefined {
    if (this.#revision === this.#state.revision) return undefined;
    this.#revision = this.#state.revision;
    const before = this.#names;
    const names = new Map<number, string>();
    for (const { number, name, isPeer } of this.#state.nodes()) if (isPeer) names.set(number, name);
    this.#names = names;
    if (before === undefined) return { joined: [], left: [] };
    return {
      joined: [...names].filter(([number]) => !before.has(number)).map(([, name]) => name),
      left: [...before].filter(([number]) => !names.has(number))
        .map(([number, name]) => ({ number, name })),
    };
  }
}
