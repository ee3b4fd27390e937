import { routeTable } from "../../plan/route_table.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { nodesWithRoutes } from "../nodes_with_routes.ts";
import { stdoutPaint } from "../paint.ts";
import { onStdout, showOrWatch } from "../show_or_watch.ts";
import { type Cell, table } from "../table.ts";

/** `meshover route list`. */
const routeList: Command = defineCommand({
  name: "route list",
  summary: "list the routes of the whole mesh: who announces them, how many nodes use them",
  flags: {
    ...adminFlags,
    json: switchFlag("print JSON"),
    watch: switchFlag("show it again every 2 s, until Ctrl-C"),
  },
  run: async ({ flags, print }) => {
    const client = adminClientOf(flags);
    const paint = stdoutPaint();
    return await showOrWatch(async () => {
      const routes = routeTable(await nodesWithRoutes(client));
      if (flags.json) return JSON.stringify(routes, null, 2);
      const rows = routes.map(({ prefix, announcedBy, acceptedBy }): Cell[] => [
        prefix,
        announcedBy.length === 0 ? { text: "nobody", tone: "warn" } : announcedBy.join(", "),
        String(acceptedBy),
      ]);
      return table([["PREFIX", "ANNOUNCED BY", "USED BY"], ...rows], paint);
    }, onStdout(flags, print));
  },
});
export default routeList;
