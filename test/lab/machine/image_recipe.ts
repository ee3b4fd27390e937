import jobService from "./guest/lab-job.service" with { type: "text" };
import labTarget from "./guest/lab.target" with { type: "text" };

/** A Debian release that the lab's machine can run. */
export type Release = "trixie" | "bookworm";

/** Releases of the machine; the first is the default. */
export const RELEASES: readonly Release[] = ["trixie", "bookworm"];

/** What an image has beyond the basic one. */
export interface Flavour {
  readonly packages: readonly string[];
  /** Shell text run on the host when the packages are there; `$1` is the root file system. */
  readonly customize?: string;
}

/** Further sets of software, by the name given to `--flavour`. */
export const FLAVOURS: Readonly<Record<string, Flavour>> = {
  containers: { packages: ["containerd", "runc", "podman", "crun", "netavark", "aardvark-dns"] },
  // Other BGP speakers, to peer with.
  routers: { packages: ["bird2", "gobgpd"] },
  // What may stand before a controller.
  proxies: { packages: ["nginx-light"] },
};

/** Kernel with all modules, and what nodes, scenarios and people who look around need. */
const PACKAGES = [
  ...["linux-image-cloud-amd64", "systemd-sysv", "udev", "dbus", "kmod", "procps", "less"],
  ...["iproute2", "nftables", "wireguard-tools", "wireguard-go", "frr", "frr-pythontools"],
  ...["iputils-ping", "iputils-tracepath", "iperf3", "tcpdump", "ca-certificates", "zstd"],
] as const;

/** All that an image is made from: the same recipe gives the same image. */
export interface ImageRecipe {
  readonly release: Release;
  readonly packages: readonly string[];
  /** Shell text for after the essential packages; `$1` is the root file system. */
  readonly early: string;
  /** Shell text for after all packages. */
  readonly late: string;
}

/** The kernel mounts the disk itself (NVMe and ext4 are built in), so no time goes into an initial ramdisk. */
const EARLY = `set -e
mkdir -p "$1/etc/kernel/postinst.d" "$1/etc/initramfs-tools/conf.d"
dpkg-divert --root "$1" --quiet --local --rename --add /usr/sbin/update-initramfs
ln -sf /bin/true "$1/usr/sbin/update-initramfs"
`;

/**
 * Unpacks the modules (xz takes seconds a module in an emulated processor), and puts the first program there: it only
 * mounts the job's disk and hands over to what is on it, so that a change of that needs no new image.
 */
const LATE = `set -e
find "$1/lib/modules" -name '*.ko.xz' -print0 | xargs -0 -r -P2 -n64 xz -d
for modules in "$1"/lib/modules/*; do chroot "$1" depmod "\${modules##*/}"; done
mkdir -p "$1/lab" "$1/job" "$1/tools" "$1/meshover"
cat > "$1/lab/start" <<'END'
#!/bin/sh
# Disks are found by label with the help of both.
[ -e /proc/self ] || mount -t proc proc /proc
[ -e /sys/class ] || mount -t sysfs sysfs /sys
# Built in on some kernels, modules on others.
modprobe -qa virtio_pci virtio_blk virtio_console
mount -t ext4 LABEL=job /job && exec /job/start
END
chmod 755 "$1/lab/start"
cat > "$1/etc/systemd/system/lab-job.service" <<'END'
${jobService}END
cat > "$1/etc/systemd/system/lab.target" <<'END'
${labTarget}END
for unit in frr containerd apt-daily.timer apt-daily-upgrade.timer e2scrub_reap fstrim.timer; do
  chroot "$1" systemctl disable --quiet "$unit" 2>/dev/null || true
done
echo lab > "$1/etc/hostname"
printf '127.0.0.1 localhost lab\\n::1 localhost\\n' > "$1/etc/hosts"
: > "$1/etc/machine-id"
`;

/** The recipe of `release` with `flavours`. @throws {TypeError} for a flavour that does not exist. */
export function imageRecipe(release: Release, flavours: readonly string[]): ImageRecipe {
  const chosen = flavours.toSorted().map((name) => {
    const flavour = FLAVOURS[name];
    if (flavour === undefined) throw new TypeError(`No such flavour: ${name}`);
    return flavour;
  });
  return {
    release,
    packages: [...PACKAGES, ...chosen.flatMap((flavour) => flavour.packages)],
    early: EARLY,
    late: [LATE, ...chosen.flatMap((flavour) => flavour.customize ?? [])].join("\n"),
  };
}
