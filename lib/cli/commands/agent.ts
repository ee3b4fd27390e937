import { parseAddress, tryParseAddress } from "../../model/address.ts";
import { parseControllerUrl } from "../../client/controller_url.ts";
import { type HostName, parseHostName } from "../../model/host_name.ts";
import { parsePrefix } from "../../model/prefix.ts";
import type { UnderlayChoice } from "../../plan/underlay.ts";
import { type Command, defineCommand } from "../command.ts";
import {
  choice,
  defaultFlag,
  integer,
  listFlag,
  secretFlag,
  switchFlag,
  text,
  valueFlag,
} from "../flag.ts";
import { controllerFlags } from "../controller_flags.ts";
import { parseMetricsAddress } from "../metrics_address.ts";

const BACKENDS = ["none", "system", "docker", "podman", "nerdctl"] as const;

function parseUnderlay(value: string): UnderlayChoice {
  if (value.includes("/")) return parsePrefix(value);
  if (value.includes(":") || /^[0-9.]+$/.test(value)) return parseAddress(value);
  return tryParseAddress(value) ?? text(value);
}

/** Flags of `meshover agent`, which `meshover doctor` takes too. */
export const agentFlags = {
  ...controllerFlags,
  statusserver: listFlag({
    placeholder: "URL,…",
    summary: "a controller on the same database that the status goes to (default: --controlserver)",
    parse: parseControllerUrl,
  }),
  agenttoken: secretFlag("TOKEN", "token that lets this node enrol; needed once"),
  hostname: valueFlag("NAME", "name in the mesh (default: this machine's)", parseHostName),
  statedir: defaultFlag({
    placeholder: "DIR",
    summary: "where keys, identity and the last known mesh are kept",
    parse: text,
    fallback: "/var/lib/meshover",
  }),
  frr: defaultFlag({
    placeholder: BACKENDS.join("|"),
    summary: "how FRR is run",
    parse: choice(BACKENDS, { dockersdk: "docker" }),
    fallback: "system",
  }),
  "frr-template": valueFlag(
    "FILE",
    "template of FRR's configuration (default: the one that is built in)",
    text,
  ),
  "frr-image": valueFlag("IMAGE", "container image of FRR (default: a pinned version)", text),
  bfd: defaultFlag({
    placeholder: "lan|wan|off",
    summary: "how fast a dead path is found: 3 x 300 ms, 5 x 1 s, or not at all",
    parse: choice(["lan", "wan", "off"] as const),
    fallback: "lan",
  }),
  tunnel: defaultFlag({
    placeholder: "auto|gre|vxlan",
    summary: "tunnels inside WireGuard",
    parse: choice(["auto", "gre", "vxlan"] as const),
    fallback: "auto",
  }),
  wg: defaultFlag({
    placeholder: "auto|kernel|userspace",
    summary: "which WireGuard",
    parse: choice(["auto", "kernel", "userspace"] as const),
    fallback: "auto",
  }),
  "wg-port": defaultFlag({
    placeholder: "PORT",
    summary: "UDP port of WireGuard",
    parse: integer(1, 65535),
    fallback: "12912",
  }),
  underlay: listFlag({
    placeholder: "PREFIX|ADDRESS|DEVICE,…",
    summary:
      "which addresses of this machine peers may use (default: those of devices that lead out)",
    parse: parseUnderlay,
  }),
  gathering: listFlag({
    placeholder: "CIDR,…",
    summary: "packets from these sources, anywhere in the mesh, leave through this node",
    parse: parsePrefix,
  }),
  coiladvertise: switchFlag("announce the address blocks that Coil puts into table 119"),
  coilnatsources: listFlag({
    placeholder: "CIDR,…",
    summary:
      "translate packets from these sources (Coil's pods) when they leave by a default route",
    parse: parsePrefix,
  }),
  "announce-allow": listFlag({
    placeholder: "CIDR,…",
    summary: "announce routes within these prefixes though a default keeps them back",
    parse: parsePrefix,
  }),
  "announce-deny": listFlag({
    placeholder: "CIDR,…",
    summary: "never announce routes within these prefixes",
    parse: parsePrefix,
  }),
  "leave-when-removed": switchFlag(
    "when this node is removed from the mesh, take everything down; otherwise it stays until meshover down",
  ),
  "no-firewall": switchFlag(
    "do not keep BGP, BFD and tunnel packets to the overlay; you do it yourself",
  ),
  metrics: valueFlag(
    "HOST:PORT",
    "serve this node's figures to Prometheus; loopback only",
    parseMetricsAddress,
  ),
  log: defaultFlag({
    placeholder: "auto|words|json",
    summary: "style of the log; auto is words on a terminal, JSON lines otherwise",
    parse: choice(["auto", "words", "json"] as const),
    fallback: "auto",
  }),
  "dry-run": switchFlag("print what would be done and change nothing"),
  once: switchFlag("do what there is to do once, then exit (1 when something failed)"),
};

/** `meshover agent`. */
const agent: Command = defineCommand({
  name: "agent",
  summary:
    'Joins this machine to a mesh and keeps it there. Stopping it leaves the network up; "meshover down" removes it.',
  flags: agentFlags,
  run: async ({ flags, print }) => {
    const { runAgent } = await import("../run_agent.ts");
    return await runAgent(flags, { hostname: flags.hostname ?? machineName(), print });
  },
});
export default agent;

function machineName(): HostName {
  return parseHostName(Deno.hostname());
}
