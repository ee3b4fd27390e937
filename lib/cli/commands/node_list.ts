import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { nodeTable } from "../node_table.ts";
import { stdoutPaint } from "../paint.ts";
import { onStdout, showOrWatch } from "../show_or_watch.ts";
import { table } from "../table.ts";

/** `meshover node list`. */
const nodeList: Command = defineCommand({
  name: "node list",
  summary: "list all nodes and reserved names with what they hold",
  flags: {
    ...adminFlags,
    json: switchFlag("print JSON"),
    watch: switchFlag("show it again every 2 s, until Ctrl-C"),
  },
  run: async ({ flags, print }) => {
    const client = adminClientOf(flags);
    const paint = stdoutPaint();
    return await showOrWatch(async () => {
      const answer = await client.nodes();
      if (flags.json) return JSON.stringify(answer, null, 2);
      const rows = nodeTable(answer);
      const text = table(rows, paint);
      return text.includes("*")
        ? `${text}\n* from a pool that new nodes do not get addresses from any more`
        : text;
    }, onStdout(flags, print));
  },
});
export default nodeList;
