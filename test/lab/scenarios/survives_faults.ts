import assert from "node:assert/strict";
import { playFault } from "../faults/play_fault.ts";
import { PROGRAM_FAULTS } from "../faults/program_faults.ts";
import { Stage } from "../faults/stage.ts";
import { steadyFaults } from "../faults/steady_faults.ts";
import type { Scenario } from "../scenario.ts";

/** A few of those that test/lab/faults/main.ts plays: each of them has cost packets, or kept a node from working. */
const CHOSEN: readonly string[] = [
  "agent killed (-9), started again",
  "snapshot cut in half, no controller for 15 s",
  "somebody flushes nft",
  "nft is missing while a peer joins",
];

/** A busy test machine holds packets back by itself; what a fault breaks stays broken for longer, milliseconds. */
const STALL_MS = 1_500;

/** Faults of the agent and what it works with, with traffic between all pairs. */
export const survivesFaults: Scenario = {
  name: "faults of agent, snapshot, controller and programs do not interrupt traffic",
  places: ["bare"],
  play: async (lab) => {
    const stage = await Stage.create(lab);
    const all = [...steadyFaults({ outageS: 10 }), ...PROGRAM_FAULTS];
    for (const name of CHOSEN) {
      const fault = all.find((one) => one.name === name);
      assert.ok(fault !== undefined, name);
      const { own, others, convergeS, said } = await playFault(stage, fault);
      assert.notEqual(convergeS, undefined, `${name}: never as it should be again`);
      assert.ok(
        Math.max(own.gapMs, others.gapMs) < STALL_MS,
        `${name}: no answer for ${own.gapMs} ms`,
      );
      if (fault.says !== undefined) assert.match(said.join("\n"), fault.says);
    }
  },
};
