import { type Command, defineCommand } from "../command.ts";
import { clientOf, controllerFlags } from "../controller_flags.ts";
import { choice, defaultFlag, secretFlag, switchFlag, text, valueFlag } from "../flag.ts";

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
    watch: switchFlag("show it again every 2 s, until Ctrl-C (this node only)"),
    check: valueFlag(
      "live|ready",
      "for probes, exit code 0 or 1: the agent works; besides, nothing failed and a peer is up (this node only)",
      choice(["live", "ready"] as const),
    ),
  },
  run: async ({ flags, print }) => {
    const { probeStatus, showStatus, watchStatus } = await import("../run_status.ts");
    const { statedir, json, check } = flags;
    const options = { statedir, json, print, now: () => Date.now() };
    if (check !== undefined) return await probeStatus(check, options);
    if (flags.controlserver.length > 0) {
      const { meshStatusText } = await import("../mesh_status_text.ts");
      const client = clientOf(flags, { kind: "admin", password: flags.password ?? "" });
      const answer = await client.nodes();
      print(flags.json ? JSON.stringify(answer) : meshStatusText(answer, Date.now()));
      return 0;
    }
    if (!flags.watch) return await showStatus(options);
    return await watchStatus({
      ...options,
      terminal: Deno.stdout.isTerminal() && !json,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      signal: new AbortController().signal,
    });
  },
});
export default status;
