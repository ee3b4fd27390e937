import { idleShare } from "./idle_share.ts";
import { learnPatience, patient } from "./patience.ts";
import { play } from "./play.ts";
import type { Place, Scenario } from "./scenario.ts";
import { addTally, NO_TESTS, type Tally } from "./tally.ts";

/** Seconds a scenario may take on a machine that is not busy. */
const DEADLINE_S = 120;

/** Another scenario is begun beside the others where the processors did nothing for this share of so many milliseconds. */
const IDLE = { share: 0.5, ms: 3_000 };

/** How to play scenarios. */
export interface PlayAllOptions {
  readonly place: Place;
  /** Seconds for all of them. */
  readonly budgetS: number;
  /** Seconds that the first may take beyond those. */
  readonly finishS: number;
  /** How many at a time. */
  readonly jobs: number;
  /** How many more at a time while the processors have nothing to do. */
  readonly idleJobs: number;
  readonly print: (line: string) => void;
}

/** Plays scenarios in their order, several at a time, each with hosts and networks of its own. */
export async function playAll(
  scenarios: readonly Scenario[],
  options: PlayAllOptions,
): Promise<Tally> {
  const { place, jobs, print } = options;
  const end = performance.now() / 1000 + options.budgetS;
  const waiting = [...scenarios];
  let told = 1;
  const beginPatiently = async () => {
    const factor = await learnPatience();
    if (factor > told) print(`this machine is slow now: deadlines are stretched by ${factor}`);
    told = Math.max(factor, told);
  };
  const playOne = async (next: Scenario) => {
    const isTime = end > performance.now() / 1000;
    // Each time: what others do on the machine, and with several jobs the scenarios themselves, make it slower meanwhile.
    if (isTime && next.places.includes(place)) await beginPatiently();
    const leftS = end - performance.now() / 1000;
    const deadlineS = patient(next.deadlineS ?? DEADLINE_S);
    const finishS = next === scenarios[0] ? options.finishS : 0;
    return await play(next, { place, deadlineS, leftS, finishS, print });
  };
  const playSome = async () => {
    let tally = NO_TESTS;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      tally = addTally(tally, await playOne(next));
    }
    return tally;
  };
  const playMore = async () => {
    const more: Promise<Tally>[] = [];
    let playing = 0;
    while (waiting.length > 0) {
      const isIdle = await idleShare(IDLE.ms) >= IDLE.share;
      const next = isIdle && playing < options.idleJobs ? waiting.shift() : undefined;
      if (next === undefined) continue;
      playing++;
      more.push(playOne(next).finally(() => playing--));
    }
    return (await Promise.all(more)).reduce(addTally, NO_TESTS);
  };
  const played = Array.from({ length: jobs }, playSome);
  if (options.idleJobs > 0) played.push(playMore());
  return (await Promise.all(played)).reduce(addTally, NO_TESTS);
}
