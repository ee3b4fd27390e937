/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type {
  DashboardFacts,
  DashboardMessage,
  MeshEvent,
  MeshView,
} from "../lib/model/mesh_view.ts";
import { applyViewChange } from "../lib/plan/view_change.ts";
import { OWN_PAGE } from "./call.ts";

/** Whether the page has what the controller has. */
export type Phase = "connecting" | "signed-out" | "live" | "lost";

/** What the page shows. */
export interface LiveState {
  readonly phase: Phase;
  readonly view: MeshView | undefined;
  /** Newest first. */
  readonly events: readonly MeshEvent[];
  readonly about: DashboardFacts | undefined;
}

/** The controller sends something every 10 s. */
const DEAD_MS = 25_000;
const RETRY_MS = 500;
const MAX_RETRY_MS = 8_000;
const EVENTS_SHOWN = 500;

/** Follows the mesh: one open request, a line for every change. */
class Live {
  #state: LiveState = { phase: "connecting", view: undefined, events: [], about: undefined };
  readonly #listeners = new Set<(state: LiveState) => void>();
  #wake: (() => void) | undefined;
  /** Ends the following that goes on. */
  #open: AbortController | undefined;

  get state(): LiveState {
    return this.#state;
  }

  /** Calls `listener` with every new state; returns what ends that. */
  listen(listener: (state: LiveState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Begins to follow, or tries again at once. */
  start(): void {
    this.#wake?.();
    if (this.#open !== undefined) return;
    const open = new AbortController();
    this.#open = open;
    if (this.#state.phase === "signed-out") this.#set({ ...this.#state, phase: "connecting" });
    void this.#run(open.signal);
  }

  /** The controller told another part of the page that nobody is signed in; asks it, unless the form for that is there already. */
  refused(): void {
    if (this.#state.phase !== "signed-out") this.start();
  }

  /** Forgets everything: somebody signed out, or the session is over. */
  signedOut(): void {
    this.#open?.abort();
    this.#open = undefined;
    this.#wake?.();
    this.#set({ phase: "signed-out", view: undefined, events: [], about: undefined });
  }

  async #run(over: AbortSignal): Promise<void> {
    let wait = RETRY_MS;
    while (!over.aborted) {
      const before = performance.now();
      const result = await this.#follow(over).catch(() => "lost" as const);
      if (over.aborted) return;
      if (result === "signed-out") return this.signedOut();
      this.#set({ ...this.#state, phase: this.#state.view === undefined ? "connecting" : "lost" });
      wait = performance.now() - before > 10_000 ? RETRY_MS : Math.min(wait * 2, MAX_RETRY_MS);
      await this.#sleep(wait * (0.5 + Math.random() / 2));
    }
  }

  async #follow(over: AbortSignal): Promise<"signed-out" | "lost"> {
    const dead = new AbortController();
    let timer = setTimeout(() => dead.abort(), DEAD_MS);
    try {
      const signal = AbortSignal.any([over, dead.signal]);
      const response = await fetch("/ui/live", { headers: OWN_PAGE, signal });
      if (response.status === 401) return "signed-out";
      if (!response.ok || response.body === null) return "lost";
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = "";;) {
        const { done, value } = await reader.read();
        if (done || over.aborted) return "lost";
        clearTimeout(timer);
        timer = setTimeout(() => dead.abort(), DEAD_MS);
        const lines = (rest + value).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") this.#take(JSON.parse(line) as DashboardMessage);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #take(message: DashboardMessage): void {
    if (message.kind === "mesh") {
      const { view, about, events } = message;
      this.#set({ phase: "live", view, about, events: events.toReversed() });
      return;
    }
    const { view } = this.#state;
    if (view === undefined) return;
    const events = [...message.events.toReversed(), ...this.#state.events].slice(0, EVENTS_SHOWN);
    this.#set({ ...this.#state, phase: "live", view: applyViewChange(view, message), events });
  }

  #set(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The one connection of the page. */
export const live = new Live();

/** The state of the connection, in a component. */
export function useLive(): LiveState {
  const [state, setState] = useState(live.state);
  useEffect(() => {
    setState(live.state);
    return live.listen(setState);
  }, []);
  return state;
}
