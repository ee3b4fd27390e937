import { type ContainerEngine, Engine } from "../../../lib/host/container.ts";
import { runOrThrow, SystemExec } from "../../../lib/host/exec.ts";
import { frrImage } from "./frr_image.ts";
import { hasNerdctl, NERDCTL } from "./nerdctl.ts";
import { type FrrNode, until } from "./frr_lab.ts";

/** Programs that an engine needs to run containers here. */
const NEEDS: Readonly<Record<ContainerEngine, readonly string[]>> = {
  podman: ["podman", "conmon", "runc"],
  docker: ["docker", "dockerd", "containerd", "runc"],
  nerdctl: ["nerdctl", "containerd", "runc"],
};

/** Why an engine cannot be tried here; undefined when it can. */
export async function whyNoEngine(engine: ContainerEngine): Promise<string | undefined> {
  const exec = new SystemExec();
  const missing: string[] = [];
  const built = engine === "nerdctl" && await hasNerdctl();
  for (const program of [...NEEDS[engine], "mmdebstrap"]) {
    if (program === "nerdctl" && built) continue;
    const found = await exec.run(["sh", "-c", `command -v ${program}`]);
    if (found.code !== 0) missing.push(program);
  }
  if (missing.length === 0) return undefined;
  const how = missing.includes("nerdctl") ? " (deno task nerdctl builds it, with Go)" : "";
  return `needs ${missing.join(", ")}${how}`;
}

/**
 * Private places for what engines write, and settings for machines whose root may not raise limits (no
 * CAP_SYS_RESOURCE) and whose cgroups are mixed.
 */
const PREPARE = `set -e
saved=$(mktemp -d); [ -d /etc/containers ] && cp -r /etc/containers/. $saved/
for d in /etc/containers /var/lib/containers /dev/shm /var/lib/docker /var/lib/containerd /var/lib/nerdctl; do
  mkdir -p $d; mount -t tmpfs t $d
done
cp -r $saved/. /etc/containers/; rm -r $saved
cat > /etc/containers/containers.conf <<'END'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END`;

const TAG = "localhost/frr-lab:1";
const CMD = "/usr/lib/frr/docker-start";

/** Loads a root file system (1) with a command (2) under a tag (3), as `docker save` would have written it. */
const LOAD = `set -e
dir=$(mktemp -d); trap 'rm -rf $dir' EXIT; cd $dir
ln "$1" layer.tar 2>/dev/null || cp "$1" layer.tar
sum=$(sha256sum layer.tar | cut -d' ' -f1)
printf '{"architecture":"%s","os":"linux","config":{"Cmd":["%s"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
  "$(dpkg --print-architecture)" "$2" "$sum" > config.json
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$3" > manifest.json
tar -cf - manifest.json config.json layer.tar | nerdctl load`;

const DOCKERD = [
  "dockerd --iptables=false --ip6tables=false --bridge=none --ip-forward=false",
  "--default-ulimit nofile=1024:1024 --default-ulimit nproc=1000:1000 >/run/dockerd.log 2>&1 &",
].join(" ");
const CONTAINERD = "containerd >/run/containerd.log 2>&1 &";

/** Runs an engine inside a node and loads the image \`localhost/frr-lab:1\`. */
export async function startEngine(node: FrrNode, name: ContainerEngine): Promise<void> {
  await node.run("sh", "-c", PREPARE);
  const image = await frrImage();
  if (name === "docker") {
    await node.run("sh", "-c", DOCKERD);
    await until("dockerd", async () => (await node.exec.run(["docker", "info"])).code === 0);
  }
  if (name === "nerdctl") {
    // Only this node sees it among the system's programs.
    if (await hasNerdctl()) {
      await node.run("sh", "-c", `mount -t tmpfs t /usr/local/bin; cp ${NERDCTL} /usr/local/bin/`);
    }
    await node.run("sh", "-c", CONTAINERD);
    await until(
      "containerd answers",
      async () => (await node.exec.run(["nerdctl", "info"])).code === 0,
    );
  }
  // nerdctl has no import before 2.2; podman and docker have.
  const argv = name === "nerdctl"
    ? ["sh", "-c", LOAD, "load", image, CMD, TAG]
    : [name, "import", "--change", `CMD ["${CMD}"]`, image, TAG];
  await runOrThrow(node.exec, argv, { timeoutMs: 300_000 });
  const engine = new Engine({ engine: name, exec: node.exec, log: () => {} });
  await engine.ensureImage(TAG);
}
