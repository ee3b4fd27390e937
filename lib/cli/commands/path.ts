import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { stdoutPaint } from "../paint.ts";
import { onStdout, showOrWatch } from "../show_or_watch.ts";

/** `meshover path`. */
const path: Command = defineCommand({
  name: "path",
  summary:
    "show the way packets go from A to B now, hop by hop, or why there is none; A is a node, B a node or any address",
  args: ["A", "B"],
  flags: {
    ...adminFlags,
    json: switchFlag("print JSON"),
    watch: switchFlag("show it again every 2 s, until Ctrl-C"),
  },
  run: async ({ flags, args, print }) => {
    const { findPath } = await import("../find_path.ts");
    const { pathText } = await import("../path_text.ts");
    const client = adminClientOf(flags);
    const paint = stdoutPaint();
    let found = false;
    const look = async () => {
      const traced = await findPath(client, { from: args[0]!, to: args[1]! });
      found = traced.delivered !== null;
      return flags.json ? JSON.stringify(traced, null, 2) : pathText(traced, paint);
    };
    await showOrWatch(look, onStdout(flags, print));
    return found ? 0 : 1;
  },
});
export default path;
