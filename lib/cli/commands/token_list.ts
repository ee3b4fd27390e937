import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { switchFlag } from "../flag.ts";
import { table } from "../table.ts";

/** `meshover token list`. */
const tokenList: Command = defineCommand({
  name: "token list",
  summary: "list the agent tokens, without the tokens themselves",
  flags: { ...adminFlags, json: switchFlag("print JSON") },
  run: async ({ flags, print }) => {
    const answer = await adminClientOf(flags).tokens();
    if (flags.json) {
      print(JSON.stringify(answer, null, 2));
      return 0;
    }
    const rows = answer.tokens.map((token) => [
      String(token.id),
      `${token.prefix}…`,
      token.state,
      token.once ? "once" : "reusable",
      token.name ?? "any",
      String(token.uses),
      seconds(token.lastUsedAt),
      seconds(token.expiresAt),
      token.note,
    ]);
    print(
      table([
        ["ID", "TOKEN", "STATE", "KIND", "NAME", "USES", "LAST USE", "EXPIRES", "NOTE"],
        ...rows,
      ]),
    );
    return 0;
  },
});
export default tokenList;

function seconds(time: string | null): string {
  return time === null ? "never" : `${time.slice(0, 19)}Z`;
}
