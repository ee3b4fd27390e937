import { contains, type Prefix, tryParsePrefix } from "../model/prefix.ts";
import { type Check, failed, ok, warning } from "./doctor_check.ts";
import type { DoctorFacts, RouteFact } from "./doctor_facts.ts";
import { isOwnDevice, ROUTE_PROTOCOL } from "./names.ts";

/** Routes shown in one line. */
const SHOWN = 3;

function few(texts: readonly string[]): string {
  const rest = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Who listens for BGP. FRR's daemon must, and nobody else can then. */
export function checkBgpPort({ bgp, frr }: DoctorFacts): Check {
  const id = "bgp-port";
  if (frr.backend === "none") return ok(id, "not needed: --frr none");
  const others = bgp.filter((s) => s.program !== undefined && s.program !== "bgpd");
  if (others.length > 0) {
    const [{ program, local }] = others as [typeof others[number]];
    return failed(
      id,
      `TCP 179 is held by ${program} (${local}), so FRR cannot listen there`,
      "stop its BGP, or give it another port (PureLB: switch its own BGP off, meshover announces what it puts on its device)",
    );
  }
  return ok(id, bgp.length === 0 ? "TCP 179 is free" : "TCP 179 is held by FRR's bgpd");
}

function isForeign(route: RouteFact): boolean {
  if (route.dev !== undefined && isOwnDevice(route.dev)) return false;
  return !["bgp", "zebra", String(ROUTE_PROTOCOL)].includes(route.protocol) &&
    route.table !== "local";
}

function words(route: RouteFact): string {
  const table = route.table === "main" ? "" : ` in table ${route.table}`;
  return `${route.dst}${route.dev === undefined ? "" : ` by ${route.dev}`}${table}`;
}

/** Routes of others into the addresses of the mesh. */
export function checkRoutes({ routes, pools, peerPrefixes }: DoctorFacts): Check {
  const id = "routes";
  const foreign = routes.filter((r) => isForeign(r) && pools.some((pool) => contains(pool, r.dst)));
  const taken = foreign.filter((r) =>
    r.table === "main" && peerPrefixes.some((p) => contains(p, r.dst))
  );
  if (taken.length > 0) {
    return failed(
      id,
      `another program's route takes packets away from a peer: ${few(taken.map(words))}`,
      "remove it, or renumber what made it: these addresses are given to a node of the mesh",
    );
  }
  if (foreign.length > 0) {
    return warning(
      id,
      `routes of others lie in the mesh's own ranges: ${few(foreign.map(words))}`,
      "renumber them, or give the controller other ranges with --assignaddress and --wgaddress: a node may be given an address in there",
    );
  }
  return ok(id, `no other route lies in ${pools.join(", ")}`);
}

/** Packet filters that drop what nobody accepts; Docker sets one. */
export function checkFilters({ dropping, docker, wgPort }: DoctorFacts): readonly Check[] {
  const input = dropping.filter((chain) => chain.hook === "input").map((chain) => chain.name);
  const forward = dropping.filter((chain) => chain.hook === "forward").map((chain) => chain.name);
  const inputCheck = input.length === 0
    ? ok("firewall", "no packet filter drops incoming packets by default")
    : warning(
      "firewall",
      `${few(input)} drops incoming packets that no rule accepts`,
      `make sure that it accepts UDP ${wgPort}, and everything that comes by meshover0-*`,
    );
  return [inputCheck, forwardCheck(forward, docker)];
}

function forwardCheck(forward: readonly string[], docker: boolean): Check {
  const id = "docker";
  if (forward.length === 0) {
    return ok(
      id,
      `${docker ? "Docker is here; n" : "n"}o packet filter drops forwarded packets by default`,
    );
  }
  const rules = (chain: string) =>
    ["-i", "-o"].map((way) => `iptables -I ${chain} ${way} meshover0-+ -j ACCEPT`).join("; ");
  return warning(
    id,
    `${few(forward)} drops forwarded packets that no rule accepts${
      docker ? ", which Docker sets" : ""
    }: VMs and pods may not reach the overlay`,
    docker
      ? `${
        rules("DOCKER-USER")
      }; or "ip-forward-no-drop": true in /etc/docker/daemon.json (Docker 28 and later)`
      : `let packets from and to meshover0-* through, for example ${rules("FORWARD")}`,
  );
}

function isOn(value: string | undefined): boolean {
  return value === "true";
}

function ciliumProblems(
  config: Readonly<Record<string, string>>,
  pools: readonly Prefix[],
): string[] {
  const mode = config["routing-mode"] ?? (config["tunnel"] === "disabled" ? "native" : "tunnel");
  const outside = (family: 4 | 6) => {
    const range = tryParsePrefix(config[`ipv${family}-native-routing-cidr`] ?? "");
    const own = pools.filter((pool) => pool.includes(":") === (family === 6));
    // Cilium without a family keeps the setting for it.
    const isUsed = (config[`enable-ipv${family}`] ?? String(family === 4)) === "true";
    const masquerades = isUsed && isOn(config[`enable-ipv${family}-masquerade`]);
    return !masquerades || own.every((pool) => range !== undefined && contains(range, pool))
      ? []
      : [`ipv${family}NativeRoutingCIDR: a range that holds ${own.join(" and ")}`];
  };
  return [...(mode === "native" ? [] : ["routingMode: native"]), ...outside(4), ...outside(6)];
}

/** Cilium whose settings are right; only versions up to 1.15 have to be told to look for devices again. */
function goodCilium(config: Readonly<Record<string, string>>): Check {
  if (config["enable-runtime-device-detection"] !== "false") {
    return ok("cilium", "Cilium routes natively and leaves overlay addresses alone");
  }
  return warning(
    "cilium",
    "Cilium routes natively, and is told not to look for devices that come later, which versions up to 1.15 obey",
    "set in its Helm values, up to 1.15: enableRuntimeDeviceDetection: true; later versions always look",
  );
}

/** Cilium's settings that hide pods from the overlay. */
export function checkCilium({ cilium, pools }: DoctorFacts): Check {
  const id = "cilium";
  if (!cilium.present) return ok(id, "Cilium is not on this host");
  if (cilium.config !== undefined) {
    const wrong = ciliumProblems(cilium.config, pools);
    if (wrong.length === 0) return goodCilium(cilium.config);
    return failed(
      id,
      "Cilium's settings keep pods and overlay apart",
      `set in its Helm values: ${wrong.join(", ")}`,
    );
  }
  if (cilium.tunnelDevice !== undefined) {
    return failed(
      id,
      `Cilium tunnels pods itself (${cilium.tunnelDevice}): the kernel has no route to them, so none is announced`,
      "set routingMode: native in its Helm values",
    );
  }
  return warning(
    id,
    "Cilium is here, and its settings could not be read",
    "make sure of routingMode: native, and of an ipv4NativeRoutingCIDR (and ipv6NativeRoutingCIDR) that holds the overlay's ranges",
  );
}
