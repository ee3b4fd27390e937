import { familyOf } from "../model/address.ts";
import type { TunnelKind } from "../model/node.ts";
import { type Check, failed, ok, warning } from "./doctor_check.ts";
import type { DoctorFacts } from "./doctor_facts.ts";
import { isTooNarrow, MIN_MTU, TUNNEL_OVERHEAD, tunnelMtu, WG_OVERHEAD } from "./mtu.ts";
import { WG_DEVICE } from "./names.ts";

/** The addresses that peers reach this node by. */
export function checkUnderlay({ underlay, underlayProblem }: DoctorFacts): Check {
  if (underlay === undefined) {
    return failed(
      "underlay",
      underlayProblem ?? "no address found",
      "name an address, a prefix or a device that this host has with --underlay",
    );
  }
  if (underlay.candidates.length === 0) {
    return failed(
      "underlay",
      "no stable global address on any device",
      "bring up the network first, or name the device with --underlay",
    );
  }
  return ok("underlay", `${underlay.candidates.join(", ")} on ${underlay.devices.join(", ")}`);
}

/** IPv6: BGP runs over link-local addresses, so it must be on; on the underlay it spares NAT. */
export function checkIpv6({ ipv6, underlay }: DoctorFacts): Check {
  if (!ipv6.enabled) {
    return failed(
      "ipv6",
      "IPv6 is disabled: tunnels get no link-local address, which BGP needs",
      "sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0, and take ipv6.disable=1 off the kernel's command line",
    );
  }
  const six = underlay?.candidates.filter((a) => familyOf(a) === 6) ?? [];
  if (six.length > 0) return ok("ipv6", `underlay has ${six.join(", ")}`);
  return warning(
    "ipv6",
    "the underlay has no global IPv6 address: peers reach this node by IPv4 only",
    "nothing to do if all nodes have IPv4 that reaches each other; otherwise get IPv6 from the provider",
  );
}

/** WireGuard's UDP port. */
export function checkUdpPort({ wgPort, udp, wgDevices }: DoctorFacts): Check {
  const id = "udp-port";
  const other = `choose another with --wg-port, or stop what holds it`;
  const device = wgDevices.find((d) => d.port === wgPort && d.name !== WG_DEVICE);
  if (device !== undefined) {
    return failed(id, `UDP ${wgPort} is held by the WireGuard device ${device.name}`, other);
  }
  if (wgDevices.some((d) => d.name === WG_DEVICE && d.port === wgPort)) {
    return ok(id, `UDP ${wgPort} is held by ${WG_DEVICE} itself`);
  }
  const holder = udp[0];
  if (holder === undefined) return ok(id, `UDP ${wgPort} is free`);
  return failed(
    id,
    `UDP ${wgPort} is held by ${holder.program ?? "the kernel"} (${holder.local})`,
    other,
  );
}

function narrow(mtu: number, kind: TunnelKind): string {
  return `an underlay of ${mtu} bytes leaves ${
    mtu - WG_OVERHEAD - TUNNEL_OVERHEAD[kind]
  } for ${kind}, under ${MIN_MTU}`;
}

function raise(enough: number): string {
  return `raise the MTU of the underlay's devices to ${enough} at least`;
}

/** MTU of the underlay, and of the paths to peers as far as they could be tried. */
export function checkMtu({ underlay, wishes, capabilities, paths }: DoctorFacts): Check {
  const id = "mtu";
  const kinds = (["gre", "vxlan"] as const).filter((kind) =>
    capabilities[kind] && (wishes.tunnel === "auto" || wishes.tunnel === kind)
  );
  const mtu = underlay?.mtu ?? 1500;
  const tight = kinds.filter((kind) => isTooNarrow(mtu, kind));
  if (mtu < MIN_MTU) {
    return failed(
      id,
      `an underlay of ${mtu} bytes is under IPv6's least, ${MIN_MTU}`,
      raise(MIN_MTU + WG_OVERHEAD),
    );
  }
  if (tight.length > 0) {
    const [kind] = tight as [TunnelKind];
    const other = kinds.find((k) => !tight.includes(k));
    const remedy = raise(MIN_MTU + WG_OVERHEAD + TUNNEL_OVERHEAD[kind]);
    const way = other === undefined ? remedy : `${remedy}; or use --tunnel ${other}`;
    return warning(id, `${narrow(mtu, kind)}: packets of full size are sent in fragments`, way);
  }
  const cut = paths.filter((path) => path.small && !path.large);
  if (cut.length > 0) {
    const [path] = cut;
    return warning(
      id,
      `packets of ${path!.mtu} bytes do not get through to ${
        cut.map((p) => p.peer).join(", ")
      }, small ones do`,
      'the underlay between is narrower than its devices say: lower their MTU to the path\'s, or let ICMP "too big" through',
    );
  }
  const through = paths.filter((path) => path.large).length;
  const tried = paths.length === 0
    ? ""
    : `; full packets get through to ${through} of ${paths.length} peers tried`;
  const tunnels = kinds.map((kind) => `${kind} ${tunnelMtu(mtu, kind)}`).join(", ");
  return ok(id, `underlay ${mtu}, tunnels ${tunnels}${tried}`);
}

/** Forwarding, and what the agent's turning it on would break. */
export function checkForwarding({ forwarding, agent }: DoctorFacts): Check {
  const id = "forwarding";
  const { ipv4, ipv6, rpFilter, advertised } = forwarding;
  const lost = [...advertised].filter(([, accept]) => accept !== "2").map(([dev]) => dev);
  if (ipv6 && lost.length > 0) {
    return failed(
      id,
      `${
        lost.join(", ")
      } takes its IPv6 default route from router advertisements, and forwarding makes the kernel ignore them`,
      lost.map((dev) => `sysctl -w net.ipv6.conf.${dev.replaceAll(".", "/")}.accept_ra=2`).join(
        "; ",
      ),
    );
  }
  const off = [
    ...(ipv4 ? [] : ["IPv4 forwarding is off"]),
    ...(ipv6 ? [] : ["IPv6 forwarding is off"]),
    ...(rpFilter === "0" ? [] : [`rp_filter of all is ${rpFilter}`]),
  ];
  if (off.length === 0) return ok(id, "IPv4 and IPv6 packets are forwarded, rp_filter is off");
  if (agent.statusAgeS === undefined) return ok(id, `${off.join(", ")}; the agent sets that`);
  return warning(
    id,
    `${off.join(", ")}, though an agent has run here`,
    "start the agent, which sets it; if it comes back, look for it in /etc/sysctl.d",
  );
}
