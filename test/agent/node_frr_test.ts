import assert from "node:assert/strict";
import { HostMemory } from "../../lib/agent/host_memory.ts";
import { FILES, frrMemory, NO_RECORD, recall } from "../../lib/agent/memory.ts";
import { NodeFrr } from "../../lib/agent/node_frr.ts";
import type { Frr } from "../../lib/host/frr.ts";
import { StateDir } from "../../lib/host/state_dir.ts";
import { TemplateFile } from "../../lib/host/template_file.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { renderFrrConf } from "../../lib/plan/frr_conf.ts";
import { planFrrChange } from "../../lib/plan/frr_diff.ts";
import { frrInput, TEMPLATE } from "../plan/frr_fixture.ts";
import { FrrListing } from "../plan/frr_listing.ts";

const WITHOUT = renderFrrConf(TEMPLATE, frrInput());
const WITH = renderFrrConf(TEMPLATE, frrInput({ networks: [parsePrefix("10.228.0.0/24")] }));
const NETWORK = /network 10\.228\.0\.0\/24/;

/** An agent's dealings with one FRR, which answers or does not. */
class Tried {
  readonly listing = new FrrListing();
  answers = true;
  #memory: HostMemory;
  #frr: NodeFrr;

  constructor(private readonly dir: StateDir) {
    this.#memory = new HostMemory(dir, NO_RECORD);
    this.#frr = this.#made();
  }

  /** Another agent takes over with what the last one left on the disk. */
  async startAnew(): Promise<void> {
    this.#memory = new HostMemory(this.dir, await recall(this.dir, FILES.host) ?? NO_RECORD);
    this.#frr = this.#made();
  }

  /** One turn; a killed agent does not come to remembering. */
  async turn(text: string, options: { readonly killed?: boolean } = {}): Promise<void> {
    const running = this.listing.text();
    const change = planFrrChange({ desired: text, ...frrMemory(this.#memory.record), running });
    if (change.lines.length === 0) return await this.#frr.settled({ text, runningAfter: running });
    await this.#frr.apply({ kind: "frr.apply", ...change, text });
    if (options.killed !== true) await this.#frr.remember(text);
  }

  #made(): NodeFrr {
    const frr = {
      look: () => Promise.resolve(this.answers ? { running: this.listing.text() } : undefined),
      apply: (lines: readonly string[]) => Promise.resolve(this.listing.session(lines)),
    } as unknown as Frr;
    const template = new TemplateFile({ path: undefined, builtIn: TEMPLATE });
    return new NodeFrr({ frr, dir: this.dir, template, memory: this.#memory });
  }
}

async function trying(task: (tried: Tried) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await task(new Tried(new StateDir(folder)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what FRR took without answering afterwards is taken back when it is not wanted any more", () =>
  trying(async (tried) => {
    await tried.turn(WITHOUT);
    tried.answers = false;
    await tried.turn(WITH);
    assert.match(tried.listing.text(), NETWORK);
    tried.answers = true;
    await tried.turn(WITHOUT);
    assert.doesNotMatch(tried.listing.text(), NETWORK);
  }));

Deno.test("what an agent gave FRR just before it was killed is known to the next one, as soon as it looks or later", async () => {
  for (const looks of [0, 1, 2]) {
    await trying(async (tried) => {
      await tried.turn(WITHOUT);
      await tried.turn(WITH, { killed: true });
      await tried.startAnew();
      for (let look = 0; look < looks; look++) await tried.turn(WITH);
      await tried.startAnew();
      await tried.turn(WITHOUT);
      assert.doesNotMatch(tried.listing.text(), NETWORK, `after ${looks} looks`);
    });
  }
});

Deno.test("a disk that takes nothing does not keep FRR from being told, nor the agent from knowing what it told", async () => {
  const tried = new Tried(new StateDir("/dev/null/nowhere"));
  const disk = /Cannot write|Not a directory|ENOTDIR/i;
  await assert.rejects(tried.turn(WITH), disk);
  assert.match(tried.listing.text(), NETWORK);
  await assert.rejects(tried.turn(WITHOUT), disk);
  assert.doesNotMatch(tried.listing.text(), NETWORK);
});
