import { parseHostName } from "../model/host_name.ts";
import { parsePrefix } from "../model/prefix.ts";
import type { RouteVerdict } from "../model/route_policy.ts";
import { adminClientOf, adminFlags } from "./admin_flags.ts";
import { type Command, defineCommand } from "./command.ts";
import { valueFlag } from "./flag.ts";

/** What the three commands that decide on routes differ in. */
export interface DecisionWords {
  readonly name: string;
  readonly summary: string;
  /** Null takes back what was decided. */
  readonly verdict: RouteVerdict | null;
  /** For example `approved`. */
  readonly done: string;
}

/** `meshover route approve`, `deny` and `forget`. */
export function routeDecision({ name, summary, verdict, done }: DecisionWords): Command {
  return defineCommand({
    name,
    summary,
    args: ["PREFIX"],
    flags: {
      ...adminFlags,
      node: valueFlag(
        "NAME",
        "only where this node announces it (default: any node)",
        parseHostName,
      ),
    },
    run: async ({ flags, args, print }) => {
      const prefix = parsePrefix(args[0]!);
      const node = flags.node ?? null;
      const whose = node === null ? "of every node" : `of ${node}`;
      const client = adminClientOf(flags);
      if (verdict === null) {
        const { decisions } = await client.routes();
        if (!decisions.some((one) => one.prefix === prefix && one.node === node)) {
          print(`nothing was decided on ${prefix} ${whose}`);
          return 0;
        }
      }
      await client.decideRoute({ prefix, node, verdict });
      print(`${done} ${prefix} ${whose}`);
      return 0;
    },
  });
}
