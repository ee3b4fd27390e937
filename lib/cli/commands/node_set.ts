import { InputError } from "../../model/errors.ts";
import { parseHostName } from "../../model/host_name.ts";
import { tunnelAddressesOf } from "../../model/node.ts";
import { adminClientOf } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { nodeChangeFlags, nodeChangeOf } from "../node_change_flags.ts";

/** `meshover node set`. */
const nodeSet: Command = defineCommand({
  name: "node set",
  summary: "change what a node holds; it takes the new addresses by itself",
  args: ["NAME"],
  flags: nodeChangeFlags,
  run: async ({ flags, args, print }) => {
    const change = nodeChangeOf(flags);
    if (Object.keys(change).length === 0) {
      throw new InputError("Nothing to change; give --address, --asn or --tunnel-address");
    }
    const { self } = await adminClientOf(flags).setNode({
      ...change,
      name: parseHostName(args[0]!),
    });
    print(
      `${self.number} ${self.name} AS ${self.asn} ${self.addresses.join(" ")} tunnel ${
        tunnelAddressesOf(self).join(" ")
      }`,
    );
    return 0;
  },
});
export default nodeSet;
