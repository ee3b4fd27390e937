import { type Command, defineCommand } from "../command.ts";
import { clientOf, controllerFlags } from "../controller_flags.ts";
import { defaultFlag, secretFlag, switchFlag, text } from "../flag.ts";

/** `meshover status`. */
const status: Command = defineCommand({
  name: "status",
  summary: "Shows this node as its agent saw it last, or with --controlserver the whole mesh.",
  flags: {
    ...controllerFlags,
    password: secretFlag("PASSWORD", "admin password of the controller"),
    statedir: defaultFlag({
      placeholder: "DIR",
      summary: "the agent's directory",
      parse: text,
      fallback: "/var/lib/meshover",
    }),
    json: switchFlag("print JSON"),
  },
  run: async ({ flags, print }) => {
    if (flags.controlserver.length > 0) {
      const { meshStatusText } = await import("../mesh_status_text.ts");
      const client = clientOf(flags, { kind: "admin", password: flags.password ?? "" });
      const answer = await client.nodes();
      print(flags.json ? JSON.stringify(answer) : meshStatusText(answer, Date.now()));
      return 0;
    }
    const { readLocalStatus } = await import("../../agent/local_status.ts");
    const { statusText } = await import("../status_text.ts");
    const local = await readLocalStatus(flags.statedir);
    print(flags.json ? JSON.stringify(local) : statusText(local, Date.now()));
    return 0;
  },
});
export default status;
