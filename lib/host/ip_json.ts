/** One entry of `ip -j -d address`; only what is read here. */
export interface IpLink {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address?: string;
  readonly ifalias?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: Readonly<Record<string, unknown>>;
  };
  readonly addr_info: readonly {
    readonly family: "inet" | "inet6";
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
    readonly deprecated?: boolean;
    readonly temporary?: boolean;
    readonly tentative?: boolean;
    readonly dadfailed?: boolean;
  }[];
}

/** A route as `ip -j route` prints it. */
export interface IpRoute {
  readonly dst: string;
  readonly dev?: string;
  readonly metric?: number;
  readonly protocol?: string;
  readonly table?: string;
  readonly gateway?: string;
  readonly via?: { readonly host: string };
}

/** A rule as `ip -j rule` prints it. */
export interface IpRule {
  readonly priority: number;
  readonly src: string;
  readonly srclen?: number;
  readonly table?: string;
  readonly suppress_prefixlen?: number;
  readonly protocol?: string;
}

/** A row of `ip -j netconf`. */
export interface IpNetconf {
  readonly family: "inet" | "inet6";
  readonly interface: string;
  readonly forwarding: boolean;
  readonly rp_filter?: string;
}

/** Splits what `ip -j -batch` prints: one JSON array a line of input. */
export function splitJson<T extends readonly unknown[]>(stdout: string): T {
  return stdout.split("\n").filter((line) => line.startsWith("[")).map((line) =>
    JSON.parse(line) as unknown
  ) as unknown as T;
}
