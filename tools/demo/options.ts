import { parseArgs } from "node:util";
import { InputError, messageOf } from "../../lib/model/errors.ts";

/** What the demo is asked to do. */
export interface DemoOptions {
  readonly nodes: number;
  /** Verify, print and end instead of staying up. */
  readonly check: boolean;
  /** Run in the lab's virtual machine. */
  readonly lab: boolean;
  readonly help: boolean;
  /** Print every line of the controller and the agents. */
  readonly verbose: boolean;
}

/** The story needs a node with a VM, one that the VM moves to, and one that watches. */
const MIN_NODES = 3;
const MAX_NODES = 20;

/** How to call it. */
export const DEMO_HELP = `deno task demo [--nodes N] [--check] [--lab] [--verbose]

Builds a real overlay of one controller and three nodes on this machine, in namespaces, and takes it away on Ctrl-C.

  --nodes N   number of nodes, ${MIN_NODES} to ${MAX_NODES} (default ${MIN_NODES})
  --check     verify everything, print it, and end with exit code 0 or 1
  --lab       the same inside the lab's virtual machine, with the kernel's WireGuard and GRE
  --verbose   print what the controller and the agents log`;

/**
 * Reads the command line of the demo.
 * @throws {InputError} naming the flag and what is accepted.
 */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const values = parse(args);
  const nodes = Number(values.nodes);
  if (!Number.isInteger(nodes) || nodes < MIN_NODES || nodes > MAX_NODES) {
    throw new InputError(
      `--nodes "${values.nodes}" is not accepted; expected ${MIN_NODES} to ${MAX_NODES}`,
    );
  }
  return { ...values, nodes };
}

function parse(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        nodes: { type: "string", default: String(MIN_NODES) },
        check: flag,
        lab: flag,
        help: flag,
        verbose: flag,
      },
    });
    return values;
  } catch (error) {
    throw new InputError(`${messageOf(error)}; see "deno task demo --help"`);
  }
}
