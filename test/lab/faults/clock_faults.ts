import type { Fault } from "./fault.ts";
import type { Stage } from "./stage.ts";

/** Debian's package libfaketime; without it the faults are left out. */
const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
const CLOCK = "/run/lab/clock";
/** The clock that counts is the agent's own; the one that only ever grows stays as it is, as in a real jump. */
const ENVIRONMENT = {
  LD_PRELOAD: LIBRARY,
  FAKETIME_TIMESTAMP_FILE: CLOCK,
  FAKETIME_NO_CACHE: "1",
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
};

async function set(stage: Stage, offset: string): Promise<void> {
  // In one step: the library may read at any moment.
  await stage.node.shell(`echo '${offset}' > ${CLOCK}.new; mv ${CLOCK}.new ${CLOCK}`);
}

function jump(to: "+1d" | "-1d"): Fault {
  return {
    name: `the agent's clock jumps by ${to} for 20 s, and back`,
    mayLose: false,
    make: async (stage) => {
      await set(stage, "+0");
      await stage.agent.stop();
      await stage.startAgent(ENVIRONMENT);
      await stage.converge(new Date());
      await set(stage, to);
      await new Promise((resolve) => setTimeout(resolve, 20_000));
    },
    end: (stage) => set(stage, "+0"),
    tidy: async (stage) => {
      await stage.agent.stop();
      await stage.startAgent();
    },
  };
}

/** A clock that jumps a day, in the agent's eyes: the machine's own clock is everybody's and is left alone. */
export async function clockFaults(stage: Stage): Promise<readonly Fault[]> {
  const { code } = await stage.node.tryExec(["test", "-e", LIBRARY]);
  return code === 0 ? [jump("+1d"), jump("-1d")] : [];
}
