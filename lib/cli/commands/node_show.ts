import { parseHostName } from "../../model/host_name.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { nodeSections } from "../node_sections.ts";
import { nodeDetails, reservedDetails } from "../node_table.ts";
import { stdoutPaint } from "../paint.ts";
import { onStdout, showOrWatch } from "../show_or_watch.ts";
import { table } from "../table.ts";

/** `meshover node show`. */
const nodeShow: Command = defineCommand({
  name: "node show",
  summary: "show one node, or a reserved name: what it holds and what it told",
  args: ["NAME"],
  flags: {
    ...adminFlags,
    json: switchFlag("print JSON"),
    watch: switchFlag("show it again every 2 s, until Ctrl-C"),
  },
  run: async ({ flags, args, print }) => {
    const client = adminClientOf(flags);
    const name = parseHostName(args[0]!);
    const paint = stdoutPaint();
    return await showOrWatch(async () => {
      const answer = await client.nodeOrReserved(name);
      if (flags.json) return JSON.stringify(answer, null, 2);
      if ("reserved" in answer) return table(reservedDetails(answer.reserved));
      return [table(nodeDetails(answer)), ...nodeSections(answer, paint)].join("\n\n");
    }, onStdout(flags, print));
  },
});
export default nodeShow;
