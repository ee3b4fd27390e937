import type { Fault } from "./fault.ts";
import type { Stage } from "./stage.ts";
import { waitFor } from "../wait_for.ts";

async function untilKilled(stage: Stage): Promise<void> {
  let code: number | undefined;
  stage.agent.ended.then((ended) => code = ended);
  await waitFor("the agent is killed", () => Promise.resolve(code), { deadlineS: 30 });
}

async function endByStarting(stage: Stage): Promise<void> {
  await stage.programs.heal();
  await stage.startAgent();
}

function firstApply(step: number, what: string): Fault {
  return {
    name: `first apply, killed after step ${step}: ${what}`,
    // The node had nothing yet, so its own streams have nothing to lose.
    mayLose: true,
    make: async (stage) => {
      await stage.agent.stop();
      await stage.down();
      await stage.programs.killAt(step);
      await stage.startAgent();
      await untilKilled(stage);
    },
    end: endByStarting,
  };
}

function change(kind: "joins" | "leaves", step: number, what: string): Fault {
  const id = `kill-${kind}-${step}`;
  return {
    name: `a peer ${kind}, killed after step ${step}: ${what}`,
    mayLose: false,
    make: async (stage) => {
      if (kind === "leaves") {
        await stage.enrolPhantom(id);
        await waitFor("the peer's tunnel", () => hasTunnels(stage, 3));
      }
      await stage.programs.killAt(step);
      await (kind === "joins" ? stage.enrolPhantom(id) : stage.removePhantom(id));
      await untilKilled(stage);
    },
    end: endByStarting,
    ...(kind === "joins" ? { tidy: (stage) => stage.removePhantom(id) } : {}),
  };
}

async function hasTunnels(stage: Stage, count: number): Promise<boolean> {
  const links = await stage.node.exec(["ip", "-o", "link", "show", "up"]);
  return [...links.matchAll(/: meshover0-\w+/g)].length === count && await stage.nothingToDo();
}

/** The steps of a first apply, by making one. */
async function stepsOfFirstApply(stage: Stage): Promise<readonly string[]> {
  await stage.agent.stop();
  await stage.down();
  await stage.programs.killAt(0);
  const since = new Date();
  await stage.startAgent();
  await stage.converge(since);
  const steps = await stage.programs.steps();
  await stage.programs.heal();
  return steps;
}

/** The steps of a peer's joining and leaving, by letting one. */
async function stepsOfChange(stage: Stage): Promise<Record<"joins" | "leaves", readonly string[]>> {
  await stage.programs.killAt(0);
  await stage.enrolPhantom("count");
  await waitFor("the peer's tunnel", () => hasTunnels(stage, 3));
  const joins = await stage.programs.steps();
  await stage.programs.killAt(0);
  await stage.removePhantom("count");
  await waitFor("the peer's tunnel goes", () => hasTunnels(stage, 2));
  const leaves = await stage.programs.steps();
  await stage.programs.heal();
  return { joins, leaves };
}

/** The agent killed after every single step of a first apply, of a peer's joining, and of its leaving. */
export async function killFaults(stage: Stage): Promise<readonly Fault[]> {
  const first = await stepsOfFirstApply(stage);
  const { joins, leaves } = await stepsOfChange(stage);
  return [
    ...first.map((what, i) => firstApply(i + 1, what)),
    ...joins.map((what, i) => change("joins", i + 1, what)),
    ...leaves.map((what, i) => change("leaves", i + 1, what)),
  ];
}
