import type { LabHost } from "../test/lab/lab_host.ts";

/** What a tunnel made by hand has to have in common with the one that it is compared with. */
export interface TunnelShape {
  /** IP version of the underlay. */
  readonly family: 4 | 6;
  /** MTU of the WireGuard device. */
  readonly wgMtu: number;
  /** MTU of the GRE device. */
  readonly greMtu: number;
}

interface End {
  readonly host: LabHost;
  readonly underlay: string;
  readonly publicKey: string;
  /** Inside WireGuard. */
  readonly inner: string;
  /** What the GRE tunnel carries. */
  readonly address: string;
}

/** Connects two hosts by WireGuard and GRE in it, with commands as in any guide; returns the second one's address in it. */
export async function tunnelByHand(
  hosts: readonly [LabHost, LabHost],
  shape: TunnelShape,
): Promise<string> {
  const first = await makeEnd(hosts[0], { number: 1, family: shape.family });
  const second = await makeEnd(hosts[1], { number: 2, family: shape.family });
  await connect(first, { other: second, shape });
  await connect(second, { other: first, shape });
  return second.address;
}

async function makeEnd(
  host: LabHost,
  options: { readonly number: number; readonly family: 4 | 6 },
): Promise<End> {
  const { number, family } = options;
  const publicKey = await host.shell("umask 077; wg genkey > /run/key; wg pubkey < /run/key");
  const text = await host.shell(`ip -o -${family} addr show dev eth0 scope global`);
  const underlay = /inet6? (\S+)\//.exec(text)?.[1];
  if (underlay === undefined) throw new Error(`${host.name} has no IPv${family} on eth0`);
  return {
    host,
    underlay,
    publicKey: publicKey.trim(),
    inner: `10.200.0.${number}`,
    address: `10.201.0.${number}`,
  };
}

async function connect(
  end: End,
  options: { readonly other: End; readonly shape: TunnelShape },
): Promise<void> {
  const { other, shape: { family, wgMtu, greMtu } } = options;
  const endpoint = family === 4 ? `${other.underlay}:51820` : `[${other.underlay}]:51820`;
  await end.host.shell(`
    ip link add wg0 mtu ${wgMtu} type wireguard
    wg set wg0 listen-port 51820 private-key /run/key \\
      peer ${other.publicKey} endpoint ${endpoint} allowed-ips ${other.inner}/32
    ip addr add ${end.inner}/32 dev wg0
    ip link set wg0 up
    ip route add ${other.inner} dev wg0
    ip link add tun0 mtu ${greMtu} type gre local ${end.inner} remote ${other.inner} ttl 64
    ip addr add ${end.address}/32 dev tun0
    ip link set tun0 up
    ip route add ${other.address} dev tun0`);
}
