import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { defaultFlag, integer, switchFlag } from "../flag.ts";
import { table } from "../table.ts";

/** `meshover audit`. */
const audit: Command = defineCommand({
  name: "audit",
  summary: "show who did what at the controller, newest first",
  flags: {
    ...adminFlags,
    limit: defaultFlag({
      placeholder: "NUMBER",
      summary: "most entries to show",
      parse: integer(1, 10_000),
      fallback: "100",
    }),
    json: switchFlag("print JSON"),
  },
  run: async ({ flags, print }) => {
    const answer = await adminClientOf(flags).audit({ limit: flags.limit });
    if (flags.json) {
      print(JSON.stringify(answer, null, 2));
      return 0;
    }
    const rows = answer.entries.map((entry) => [
      `${entry.at.slice(0, 19)}Z`,
      entry.source || "-",
      entry.actor,
      entry.action,
      entry.subject || "-",
      entry.detail,
    ]);
    print(table([["TIME", "FROM", "WHO", "WHAT", "ON", "DETAIL"], ...rows]));
    return 0;
  },
});
export default audit;
