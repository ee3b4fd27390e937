import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { integer } from "../flag.ts";

/** `meshover token revoke`. */
const tokenRevoke: Command = defineCommand({
  name: "token revoke",
  summary: "revoke an agent token; nodes that it enrolled stay",
  args: ["ID"],
  flags: adminFlags,
  run: async ({ flags, args, print }) => {
    const id = integer(1, 2 ** 31)(args[0]!);
    await adminClientOf(flags).revokeToken(id);
    print(`revoked token ${id}`);
    return 0;
  },
});
export default tokenRevoke;
