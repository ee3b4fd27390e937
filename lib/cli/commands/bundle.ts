import { type Command, defineCommand } from "../command.ts";
import { secretFlag } from "../flag.ts";
import { AGENT_ONLY, doctorFlags } from "./doctor.ts";

const { json: _json, ...shared } = doctorFlags;

/** `meshover bundle`. */
const bundle: Command = defineCommand({
  name: "bundle",
  summary:
    "Writes a report of this node for a bug thread: the doctor's findings, status, devices, routes, FRR, the agent's log. " +
    'No key, token or password is in it. FILE must not exist; "-" prints it. Takes the flags of doctor.',
  args: ["FILE"],
  flags: {
    ...shared,
    password: secretFlag("PASSWORD", "a password to take out of the report wherever it appears"),
  },
  configMayHold: AGENT_ONLY,
  run: async ({ flags, args, print }) => {
    const { runBundle } = await import("../run_bundle.ts");
    return await runBundle({ ...flags, json: false }, { file: args[0]!, print });
  },
});
export default bundle;
