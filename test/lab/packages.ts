/** Debian packages with the programs that meshover's way through userspace and the lab's own tools need. */
export const LAB_PACKAGES: readonly string[] = [
  "frr",
  "frr-pythontools",
  "iproute2",
  "iputils-ping",
  "iputils-tracepath",
  "kmod",
  "nftables",
  "procps",
  "tcpdump",
  "util-linux",
  "wireguard-go",
  "wireguard-tools",
];
