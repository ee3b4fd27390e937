import { parseHostName } from "../../model/host_name.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";

/** `meshover node reset`. */
const nodeReset: Command = defineCommand({
  name: "node reset",
  summary: "let a name enrol again with a new secret, for a machine that was installed anew",
  args: ["NAME"],
  flags: adminFlags,
  run: async ({ flags, args, print }) => {
    const name = parseHostName(args[0]!);
    await adminClientOf(flags).resetNode(name);
    print(`${name} may enrol again with a valid token; it keeps its addresses`);
    return 0;
  },
});
export default nodeReset;
