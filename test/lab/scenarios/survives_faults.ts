import assert from "node:assert/strict";
import { playFault } from "../faults/play_fault.ts";
import { PROGRAM_FAULTS } from "../faults/program_faults.ts";
import { Stage } from "../faults/stage.ts";
import { steadyFaults } from "../faults/steady_faults.ts";
import { PATIENT_BFD } from "../mesh.ts";
import { patient } from "../patience.ts";
import type { Scenario } from "../scenario.ts";

/** A few of those that test/lab/faults/main.ts plays: each of them has cost packets, or kept a node from working. */
const CHOSEN: readonly string[] = [
  "agent killed (-9), started again",
  "snapshot cut in half, no controller for 15 s",
  "somebody flushes nft",
  "nft is missing while a peer joins",
];

/** A busy test machine holds packets back by itself; what a fault breaks stays broken for longer, seconds. */
const STALL_S = 1.5;

/** Faults of the agent and what it works with, with traffic between all pairs. */
export const survivesFaults: Scenario = {
  name: "faults of agent, snapshot, controller and programs do not interrupt traffic",
  places: ["bare"],
  deadlineS: 240,
  play: async (lab) => {
    const stage = await Stage.create(lab, PATIENT_BFD);
    const all = [...steadyFaults({ outageS: 10 }), ...PROGRAM_FAULTS];
    for (const name of CHOSEN) {
      const fault = all.find((one) => one.name === name);
      assert.ok(fault !== undefined, name);
      const { own, others, convergeS, said, wrong } = await playFault(stage, fault);
      const why = wrong.join("; ");
      assert.notEqual(convergeS, undefined, `${name}: never as it should be again: ${why}`);
      const gapMs = Math.max(own.gapMs, others.gapMs);
      assert.ok(gapMs < patient(STALL_S) * 1000, `${name}: no answer for ${gapMs} ms: ${why}`);
      if (fault.says !== undefined) assert.match(said.join("\n"), fault.says);
    }
  },
};
