import { parseHostName } from "../../model/host_name.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { nodeDetails } from "../node_table.ts";
import { table } from "../table.ts";

/** `meshover node show`. */
const nodeShow: Command = defineCommand({
  name: "node show",
  summary: "show one node: what it holds and what it told",
  args: ["NAME"],
  flags: { ...adminFlags, json: switchFlag("print JSON") },
  run: async ({ flags, args, print }) => {
    const row = await adminClientOf(flags).node(parseHostName(args[0]!));
    print(flags.json ? JSON.stringify(row, null, 2) : table(nodeDetails(row)));
    return 0;
  },
});
export default nodeShow;
