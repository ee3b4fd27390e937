import { type ContainerEngine, Engine } from "../../../lib/host/container.ts";
import { SystemExec } from "../../../lib/host/exec.ts";
import { frrImage } from "./frr_image.ts";
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
  for (const program of [...NEEDS[engine], "mmdebstrap"]) {
    const found = await exec.run(["sh", "-c", `command -v ${program}`]);
    if (found.code !== 0) missing.push(program);
  }
  return missing.length === 0 ? undefined : `needs ${missing.join(", ")}`;
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

const DOCKERD = [
  "dockerd --iptables=false --ip6tables=false --bridge=none --ip-forward=false",
  "--default-ulimit nofile=1024:1024 --default-ulimit nproc=1000:1000 >/run/dockerd.log 2>&1 &",
].join(" ");
const CONTAINERD = "containerd >/run/containerd.log 2>&1 &";

/** Runs an engine inside a node and loads the image \`localhost/frr-lab:1\`. */
export async function startEngine(node: FrrNode, name: ContainerEngine): Promise<void> {
  await node.run("sh", "-c", PREPARE);
  const image = await frrImage();
  const change = 'CMD ["/usr/lib/frr/docker-start"]';
  if (name === "docker") {
    await node.run("sh", "-c", DOCKERD);
    await until("dockerd", async () => (await node.exec.run(["docker", "info"])).code === 0);
  }
  if (name === "nerdctl") {
    await node.run("sh", "-c", CONTAINERD);
    await until(
      "containerd answers",
      async () => (await node.exec.run(["nerdctl", "info"])).code === 0,
    );
  }
  await node.exec.run([name, "import", "--change", change, image, "localhost/frr-lab:1"], {
    timeoutMs: 300_000,
  });
  const engine = new Engine({ engine: name, exec: node.exec, log: () => {} });
  await engine.ensureImage("localhost/frr-lab:1");
}
