import { messageOf } from "../../lib/model/errors.ts";
import { Lab } from "./lab.ts";
import { type Place, type Scenario, Skip } from "./scenario.ts";
import type { Tally } from "./tally.ts";

/** How to play. */
export interface PlayOptions {
  readonly place: Place;
  /** Seconds after which a scenario counts as failed. */
  readonly deadlineS: number;
  readonly print: (line: string) => void;
}

/** Plays one scenario in a lab of its own, tells what came of it, and removes the lab. */
export async function play(scenario: Scenario, options: PlayOptions): Promise<Tally> {
  const { place, print } = options;
  const started = performance.now();
  const lab = new Lab(place);
  const tell = (word: string, rest = "") => {
    const took = ((performance.now() - started) / 1000).toFixed(1);
    print(`${word.padEnd(7)} [${place}] ${scenario.name} (${took} s)${rest}`);
  };
  try {
    if (!scenario.places.includes(place)) throw new Skip(`runs only ${scenario.places.join(", ")}`);
    await inTime(scenario.play(lab), options.deadlineS);
    tell("ok");
    return { passed: 1, failed: 0, skipped: 0 };
  } catch (error) {
    if (error instanceof Skip) {
      tell("skipped", `: ${error.message}`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    tell("FAILED", `: ${messageOf(error)}`);
    lab.lastLines.forEach((line) => print(`        ${line}`));
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await lab[Symbol.asyncDispose]();
  }
}

async function inTime(work: Promise<void>, deadlineS: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`not finished within ${deadlineS} s`));
    timer = setTimeout(fail, deadlineS * 1000);
  });
  // When time is up the scenario's own calls fail one after the other as its hosts go; that must not end the run.
  work.catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
