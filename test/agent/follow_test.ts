import assert from "node:assert/strict";
import { type ControllerLink, Follower } from "../../lib/agent/follow.ts";
import { ChangeLog } from "../../lib/agent/log.ts";
import { Wake } from "../../lib/agent/wake.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import type { FeedAnswer } from "../../lib/model/feed_api.ts";
import { NO_SNAPSHOT, type Snapshot } from "../../lib/plan/snapshot.ts";
import { waitFor } from "../lab/wait_for.ts";
import { peer } from "../plan/fixture.ts";

const MESH = { tunnelPools: [], nodePools: [] };
const answer = (change: Partial<FeedAnswer> = {}): FeedAnswer => ({
  meshId: "mesh",
  revision: 2,
  full: false,
  peers: [peer(2)],
  removed: [],
  mesh: MESH,
  ...change,
});
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
const problem = (status: number, code: string) =>
  json({ type: "about:blank", title: code, status, detail: `says ${code}`, code }, status);

/** What a controller does with a request for the feed; undefined holds it until the caller goes. */
type FeedStep = (() => Response) | undefined;

/** What a controller goes on doing. A state that lasts for one step only may come and go unseen on a busy machine. */
const always = (step: FeedStep): FeedStep[] => Array.from({ length: 10_000 }, () => step);

/** A follower of a controller that does one step after the other, and goes on holding requests. */
class Play {
  /** How often the node was told that it was removed. */
  removals = 0;
  readonly lines: string[] = [];
  readonly links: ControllerLink[] = [];
  snapshot: Snapshot = { ...NO_SNAPSHOT, meshId: "mesh", revision: 1 };
  feeds = 0;
  readonly follower: Follower;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;

  constructor(private steps: FeedStep[]) {
    const client = new ControllerClient({
      urls: [parseControllerUrl("http://127.0.0.1:1")],
      credential: { kind: "node", secret: "0".repeat(64) },
      fetch: (input, init) => this.#fetch(input, init),
    });
    const changes = new ChangeLog((level, message) => this.lines.push(`${level}: ${message}`));
    this.follower = new Follower({
      removed: () => void this.removals++,
      client,
      current: () => this.snapshot,
      take: (next) => Promise.resolve(void (this.snapshot = next)),
      enrolAgain: () => Promise.resolve(false),
      reportAgain: () => Promise.resolve(),
      changes,
      // Time passes two hundred times as fast.
      sleep: async (ms, signal) => void await new Wake().sleep(ms / 200, signal),
      random: () => 0.5,
      now: () => new Date("2026-01-02T03:04:05Z"),
    });
    this.#running = this.follower.run(this.#end.signal);
  }

  async #fetch(input: string, init: RequestInit): Promise<Response> {
    if (input.endsWith("/readyz")) return json({ ok: true, waitingFor: [] });
    this.feeds++;
    const step = this.steps.shift();
    if (step !== undefined) return step();
    return await new Promise<Response>((_, reject) => {
      init.signal!.addEventListener("abort", () => reject(init.signal!.reason), { once: true });
    });
  }

  /** From now on the controller holds requests. */
  quiet(): void {
    this.steps = [];
  }

  until(state: ControllerLink["state"]): Promise<boolean> {
    return waitFor(
      `the link is ${state}`,
      () => Promise.resolve(this.follower.link.state === state),
      {
        everyMs: 5,
      },
    );
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }
}

Deno.test("Follower takes in what the controller says", async () => {
  const play = new Play([() => json(answer())]);
  try {
    await play.until("connected");
    assert.deepEqual([play.snapshot.revision, play.snapshot.peers.length], [2, 1]);
  } finally {
    await play.end();
  }
});

Deno.test("Follower is connected to a controller that has nothing to say", async () => {
  const play = new Play([]);
  try {
    assert.equal(play.follower.link.state, "connecting");
    await play.until("connected");
    assert.equal(play.feeds, 1);
  } finally {
    await play.end();
  }
});

Deno.test("Follower says once that a controller is gone and once that it is back", async () => {
  const reset = () => {
    throw new TypeError("connection reset");
  };
  const play = new Play(always(reset));
  try {
    await play.until("lost");
    assert.match(play.follower.link.reason ?? "", /connection reset/);
    play.quiet();
    await play.until("connected");
    assert.deepEqual(play.lines.map((line) => line.split(":")[0]), ["warning", "info"]);
  } finally {
    await play.end();
  }
});

Deno.test("Follower is not connected to a controller that has removed this node, and does not hammer it", async () => {
  const play = new Play(always(() => problem(410, "node_removed")));
  try {
    await play.until("removed");
    assert.match(play.follower.link.reason ?? "", /says node_removed/);
    assert.equal(play.lines.length, 1);
    assert.ok(play.removals > 0);
  } finally {
    await play.end();
  }
});

Deno.test("Follower keeps what it knows when the controller serves another mesh, and says so once", async () => {
  const play = new Play(always(() => json(answer({ meshId: "other", revision: 9 }))));
  try {
    await play.until("lost");
    await waitFor("three answers", () => Promise.resolve(play.feeds >= 3), { everyMs: 5 });
    assert.equal(play.snapshot.revision, 1);
    assert.equal(play.lines.filter((line) => line.includes("another mesh")).length, 1);
    assert.equal(play.lines.filter((line) => line.includes("answers again")).length, 0);
  } finally {
    await play.end();
  }
});
