import type { Fault } from "./fault.ts";
import type { FaultPrograms } from "./fault_programs.ts";
import { patient } from "../patience.ts";

/** Seconds for which a program misbehaves, so that the agent runs it meanwhile. */
const FOR_S = 8;

type Program = Parameters<FaultPrograms["set"]>[0];

/** A program misbehaves while a peer joins. */
function duringJoin(
  what: string,
  spec: {
    readonly id: string;
    readonly make: (programs: FaultPrograms) => Promise<void>;
    readonly says?: RegExp;
  },
): Fault {
  return {
    name: `${what} while a peer joins`,
    mayLose: false,
    make: async (stage) => {
      await spec.make(stage.programs);
      await stage.enrolPhantom(spec.id);
      await new Promise((resolve) => setTimeout(resolve, patient(FOR_S) * 1000));
    },
    end: ({ programs }) => programs.heal(),
    ...(spec.says === undefined ? {} : { says: spec.says }),
    tidy: (stage) => stage.removePhantom(spec.id),
  };
}

function faultsOf(program: Program): readonly Fault[] {
  return [
    duringJoin(`${program} takes 1 s longer`, {
      id: `${program}-slow`,
      make: (programs) => programs.set(program, "slow 1"),
    }),
    duringJoin(`${program} fails`, {
      id: `${program}-fails`,
      make: (programs) => programs.set(program, "fail"),
      says: /made to fail|Cannot|cannot/,
    }),
    duringJoin(`${program} is missing`, {
      id: `${program}-missing`,
      make: (programs) => programs.take(program),
      says: new RegExp(`"${program}": there is no such program`),
    }),
  ];
}

/** Programs that are slow, fail or are gone. */
export const PROGRAM_FAULTS: readonly Fault[] = (["ip", "wg", "vtysh", "nft"] as const).flatMap(
  faultsOf,
);
