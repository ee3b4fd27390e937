import { messageOf } from "../../lib/model/errors.ts";
import { Lab } from "./lab.ts";
import { type Place, type Scenario, Skip } from "./scenario.ts";
import type { Tally } from "./tally.ts";

const OUT_OF_TIME = new Skip("the time for all scenarios is used up");

/** How to play. */
export interface PlayOptions {
  readonly place: Place;
  /** Seconds after which a scenario counts as failed. */
  readonly deadlineS: number;
  /** Seconds left for all scenarios; one that needs more than that counts as skipped. */
  readonly leftS: number;
  /** Seconds that it may take beyond those. */
  readonly finishS: number;
  readonly print: (line: string) => void;
}

/** Plays one scenario in a lab of its own, tells what came of it, and removes the lab. */
export async function play(scenario: Scenario, options: PlayOptions): Promise<Tally> {
  const { place, print } = options;
  const started = performance.now();
  const took = () => `(${((performance.now() - started) / 1000).toFixed(1)} s)`;
  const lab = new Lab(place, (what) => print(`        ${what} ${took()}`));
  const tell = (word: string, rest = "") =>
    print(`${word.padEnd(7)} [${place}] ${scenario.name} ${took()}${rest}`);
  try {
    if (!scenario.places.includes(place)) throw new Skip(`runs only ${scenario.places.join(", ")}`);
    if (options.leftS <= 0) throw OUT_OF_TIME;
    const mostS = options.leftS + options.finishS;
    const late = mostS < options.deadlineS
      ? OUT_OF_TIME
      : new Error(`not finished within ${options.deadlineS} s`);
    await inTime(scenario.play(lab), { deadlineS: Math.min(mostS, options.deadlineS), late });
    tell("ok");
    return { passed: 1, failed: 0, skipped: 0 };
  } catch (error) {
    if (error instanceof Skip) {
      tell("skipped", `: ${error.message}`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    tell("FAILED", `: ${messageOf(error)}`);
    [...await lab.diagnosis(), ...lab.lastLines].forEach((line) => print(`        ${line}`));
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await lab[Symbol.asyncDispose]();
  }
}

async function inTime(
  work: Promise<void>,
  options: { readonly deadlineS: number; readonly late: Error },
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(options.late), options.deadlineS * 1000);
  });
  // When time is up the scenario's own calls fail one after the other as its hosts go; that must not end the run.
  work.catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
