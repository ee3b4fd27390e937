import { parseHostName } from "../../model/host_name.ts";
import { tunnelAddressesOf } from "../../model/node.ts";
import { adminClientOf } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { nodeChangeFlags, nodeChangeOf } from "../node_change_flags.ts";

/** `meshover node add`. */
const nodeAdd: Command = defineCommand({
  name: "node add",
  summary: "reserve a name, and what it will hold, before it enrols",
  args: ["NAME"],
  flags: nodeChangeFlags,
  run: async ({ flags, args, print }) => {
    const name = parseHostName(args[0]!);
    const { self } = await adminClientOf(flags).addNode({ ...nodeChangeOf(flags), name });
    print(
      `${self.number} ${self.name} AS ${self.asn} ${self.addresses.join(" ")} tunnel ${
        tunnelAddressesOf(self).join(" ")
      }`,
    );
    return 0;
  },
});
export default nodeAdd;
