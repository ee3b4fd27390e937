import { messageOf } from "../../../lib/model/errors.ts";
import type { Fault, Outcome } from "./fault.ts";
import type { Stage } from "./stage.ts";

function judge(
  fault: Fault,
  outcome: Omit<Outcome, "wrong">,
  problem: string | undefined,
): string[] {
  const { own, others, said } = outcome;
  const silent = fault.says !== undefined && !said.some((line) => fault.says!.test(line));
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(others.lost > 0 ? [`${others.lost} packets of other pairs lost`] : []),
    ...(own.lost > 0 && !fault.mayLose ? [`${own.lost} packets lost`] : []),
    ...(silent ? [`did not say ${fault.says}`] : []),
  ];
}

/** Plays one fault on the stage and says what it led to. */
export async function playFault(stage: Stage, fault: Fault): Promise<Outcome> {
  const node = stage.node.name;
  stage.traffic.read(node);
  stage.takeSaid();
  let convergeS: number | undefined;
  let problem: string | undefined;
  try {
    await fault.make(stage);
    const since = new Date();
    await fault.end(stage);
    convergeS = await stage.converge(since);
  } catch (error) {
    problem = messageOf(error);
  }
  const { own, others } = stage.traffic.read(node);
  const outcome = { fault: fault.name, own, others, convergeS, said: stage.takeSaid() };
  const wrong = judge(fault, outcome, problem);
  await fault.tidy?.(stage);
  if (fault.tidy !== undefined) await stage.converge(new Date(0)).catch(() => undefined);
  return { ...outcome, wrong };
}
