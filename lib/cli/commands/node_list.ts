import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { nodeTable } from "../node_table.ts";
import { table } from "../table.ts";

/** `meshover node list`. */
const nodeList: Command = defineCommand({
  name: "node list",
  summary: "list all nodes and reserved names with what they hold",
  flags: { ...adminFlags, json: switchFlag("print JSON") },
  run: async ({ flags, print }) => {
    const answer = await adminClientOf(flags).nodes();
    if (flags.json) {
      print(JSON.stringify(answer, null, 2));
      return 0;
    }
    const rows = nodeTable(answer);
    print(table(rows));
    if (rows.some((row) => row.join(" ").includes("*"))) {
      print("* from a pool that new nodes do not get addresses from any more");
    }
    return 0;
  },
});
export default nodeList;
