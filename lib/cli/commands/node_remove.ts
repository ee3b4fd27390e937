import { parseHostName } from "../../model/host_name.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";

/** `meshover node remove`. */
const nodeRemove: Command = defineCommand({
  name: "node remove",
  summary: "remove a node from the mesh and revoke its secret",
  args: ["NAME"],
  flags: adminFlags,
  run: async ({ flags, args, print }) => {
    const name = parseHostName(args[0]!);
    await adminClientOf(flags).removeNode(name);
    print(`removed ${name}; its peers drop it now, run "meshover down" on it`);
    return 0;
  },
});
export default nodeRemove;
