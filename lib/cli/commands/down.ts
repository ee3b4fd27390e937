import { type Command, defineCommand } from "../command.ts";
import { choice, defaultFlag, switchFlag, text } from "../flag.ts";

/** `meshover down`. */
const down: Command = defineCommand({
  name: "down",
  summary:
    "Removes everything that the agent made on this machine; its identity stays, for the next start.",
  flags: {
    statedir: defaultFlag({
      placeholder: "DIR",
      summary: "the agent's directory",
      parse: text,
      fallback: "/var/lib/meshover",
    }),
    log: defaultFlag({
      placeholder: "auto|words|json",
      summary: "style of the log",
      parse: choice(["auto", "words", "json"] as const),
      fallback: "auto",
    }),
    forget: switchFlag(
      "forget who this node is, too: the next start enrols anew and needs a token",
    ),
    "dry-run": switchFlag("print what would be done and change nothing"),
  },
  run: async ({ flags }) => {
    const { runDown } = await import("../run_agent.ts");
    return await runDown(flags);
  },
});
export default down;
