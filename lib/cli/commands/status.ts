import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { choice, defaultFlag, switchFlag, text, valueFlag } from "../flag.ts";
import { stdoutPaint } from "../paint.ts";
import { onStdout, showOrWatch } from "../show_or_watch.ts";

/** `meshover status`. */
const status: Command = defineCommand({
  name: "status",
  summary: "Shows this node as its agent saw it last, or with --controlserver the whole mesh.",
  flags: {
    ...adminFlags,
    statedir: defaultFlag({
      placeholder: "DIR",
      summary: "the agent's directory",
      parse: text,
      fallback: "/var/lib/meshover",
    }),
    json: switchFlag("print JSON"),
    watch: switchFlag("show it again every 2 s, until Ctrl-C"),
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
      const client = adminClientOf(flags);
      const paint = stdoutPaint();
      return await showOrWatch(async () => {
        const answer = await client.nodes();
        return json ? JSON.stringify(answer) : meshStatusText(answer, Date.now(), paint);
      }, onStdout(flags, print));
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
