import { messageOf } from "../lib/model/errors.ts";
import { PROJECT_ROOT } from "../test/lab/machine/project_root.ts";
import { runProgram } from "../test/lab/run_program.ts";
import postinst from "./deb/postinst" with { type: "text" };
import postrm from "./deb/postrm" with { type: "text" };
import prerm from "./deb/prerm" with { type: "text" };
import { packageTree } from "./deb/package_tree.ts";
import { ensurePackages } from "./setup.ts";

/** This machine's architecture in Debian's words. */
const ARCH = Deno.build.arch === "aarch64" ? "arm64" : "amd64";

/** What the package says of itself (deb-control(5)). */
function control(version: string, arch: string, kibibytes: number): string {
  return `Package: meshover
Version: ${version}
Architecture: ${arch}
Maintainer: meshover <meshover@localhost>
Installed-Size: ${kibibytes}
Section: net
Priority: optional
Depends: libc6 (>= 2.31), libgcc-s1, iproute2, nftables, procps, wireguard-tools, passwd
Recommends: frr, kmod, systemd
Suggests: wireguard-go, podman | docker.io | containerd
Description: one routed network over any set of Linux machines
 meshover joins Linux machines to a layer 3 overlay of WireGuard tunnels and
 makes routes part of it: what a hypervisor, a container network or a human
 puts into one node's kernel is announced to all others by FRR over BGP.
`;
}

/** Paths and contents of the maintainer scripts and lists. */
async function controlFolder(root: string, version: string): Promise<void> {
  const kibibytes = Number((await runProgram(["du", "-sk", root])).split("\t")[0]);
  await Deno.mkdir(`${root}/DEBIAN`);
  const put = async (name: string, text: string, mode: number) => {
    await Deno.writeTextFile(`${root}/DEBIAN/${name}`, text);
    await Deno.chmod(`${root}/DEBIAN/${name}`, mode);
  };
  const sums = await runProgram([
    ...["sh", "-c", 'cd "$1" && find usr -type f -print0 | sort -z | xargs -0 md5sum', "sh", root],
  ]);
  await put("control", control(version, ARCH, kibibytes), 0o644);
  await put("conffiles", "/etc/meshover/controller.yaml\n", 0o644);
  await put("md5sums", sums, 0o644);
  for (const [name, text] of Object.entries({ postinst, prerm, postrm })) {
    await put(name, text, 0o755);
  }
}

/** Makes the package and the tarball in dist/, and returns their paths. */
export async function makePackages(say: (line: string) => void): Promise<string[]> {
  await ensurePackages(["dpkg", "gzip", "tar"], say);
  const { version } = JSON.parse(await Deno.readTextFile(`${PROJECT_ROOT}/deno.json`));
  const root = await Deno.makeTempDir({ prefix: "meshover-deb-" });
  try {
    await Deno.chmod(root, 0o755);
    await packageTree(root, version);
    await Deno.mkdir(`${PROJECT_ROOT}/dist`, { recursive: true });
    const name = `${PROJECT_ROOT}/dist/meshover_${version}_${ARCH}`;
    say("packing the tarball");
    const tar = [
      "tar",
      "-czf",
      `${name}.tar.gz`,
      "--owner=0",
      "--group=0",
      "-C",
      root,
      "usr",
      "etc",
    ];
    await runProgram(tar, { deadlineS: 120 });
    say("packing the Debian package");
    await controlFolder(root, version);
    const deb = [
      "dpkg-deb",
      "--root-owner-group",
      "-Zzstd",
      "-z12",
      "--build",
      root,
      `${name}.deb`,
    ];
    await runProgram(deb, { deadlineS: 300 });
    return [`${name}.deb`, `${name}.tar.gz`];
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    for (const path of await makePackages((line) => console.error(`deb: ${line}`))) {
      console.error(`deb: ${path}: ${((await Deno.stat(path)).size / 2 ** 20).toFixed(1)} MiB`);
    }
  } catch (error) {
    console.error(`deb: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
