import { parseHostName } from "../../model/host_name.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";

/** `meshover node rotate`. */
const nodeRotate: Command = defineCommand({
  name: "node rotate",
  summary: "have a node make a new secret; its links and its addresses stay as they are",
  args: ["NAME"],
  flags: adminFlags,
  run: async ({ flags, args, print }) => {
    const name = parseHostName(args[0]!);
    await adminClientOf(flags).rotateNode(name);
    print(
      `asked ${name} for a new secret; the old one is refused as soon as the node has used the new one ` +
        `("meshover node show ${name}" says when)`,
    );
    return 0;
  },
});
export default nodeRotate;
