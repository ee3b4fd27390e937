import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { meshRoutes } from "../mesh_routes.ts";
import { stdoutPaint } from "../paint.ts";
import { routeRows, routesHint } from "../route_rows.ts";
import { onStdout, showOrWatch } from "../show_or_watch.ts";
import { table } from "../table.ts";

/** `meshover route list`. */
const routeList: Command = defineCommand({
  name: "route list",
  summary:
    "list the routes of the whole mesh: who announces them, whether they are let in, how many use them",
  flags: {
    ...adminFlags,
    json: switchFlag("print JSON"),
    watch: switchFlag("show it again every 2 s, until Ctrl-C"),
  },
  run: async ({ flags, print }) => {
    const client = adminClientOf(flags);
    const paint = stdoutPaint();
    return await showOrWatch(async () => {
      const { routes, told } = await meshRoutes(client);
      if (flags.json) return JSON.stringify(routes, null, 2);
      return table(routeRows(routes, told), paint) + routesHint(told);
    }, onStdout(flags, print));
  },
});
export default routeList;
