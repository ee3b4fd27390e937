import assert from "node:assert/strict";
import { CONTAINER_ENGINES, Engine, parseInspect } from "../../lib/host/container.ts";
import type { ExecResult } from "../../lib/host/exec.ts";
import { FakeExec } from "./fake_exec.ts";

const ok = (stdout = ""): ExecResult => ({ code: 0, stdout, stderr: "" });
const missing: ExecResult = { code: 1, stdout: "[]", stderr: "no such image" };

function engineWith(answers: Record<string, ExecResult>) {
  const exec = new FakeExec(answers);
  const log: string[] = [];
  return {
    exec,
    log,
    engine: new Engine({ engine: "podman", exec, log: (line) => log.push(line) }),
  };
}

Deno.test("find() tells containers of this node by label", async () => {
  const { engine } = engineWith({
    "podman ps -aq --filter label=io.meshover.node=n1": ok("abc\n"),
    "podman inspect abc": ok(JSON.stringify([{
      Id: "abcdef",
      State: { Running: false, Status: "exited" },
      Config: { Labels: { "io.meshover.config": "v1" } },
    }])),
  });
  assert.deepEqual(await engine.find("n1"), [{ id: "abcdef", running: false, config: "v1" }]);
});

Deno.test("find() asks nothing more when there is none", async () => {
  const { engine, exec } = engineWith({
    "podman ps -aq --filter label=io.meshover.node=n1": ok("\n"),
  });
  assert.deepEqual(await engine.find("n1"), []);
  assert.equal(exec.ran.length, 1);
});

Deno.test("ensureImage() pulls nothing when the image is there", async () => {
  const { engine, exec, log } = engineWith({ "podman image inspect frr:1": ok("[{}]") });
  await engine.ensureImage("frr:1");
  assert.deepEqual([exec.ran, log], [["podman image inspect frr:1"], []]);
});

Deno.test("ensureImage() shows the progress of a pull, and says what to do when it fails", async () => {
  const { engine, exec, log } = engineWith({
    "podman image inspect frr:1": missing,
    "podman pull frr:1": { code: 125, stdout: "", stderr: "no route to host" },
  });
  exec.watch = (argv, options?: { onLine: (line: string) => void }) => {
    options?.onLine(`${argv.join(" ")}: 10 %`);
    return Promise.resolve();
  };
  await assert.rejects(engine.ensureImage("frr:1"), {
    name: "StateError",
    message:
      /no route to host; without the Internet, load it first \(podman load -i FILE\).*--frr-image/,
  });
  assert.deepEqual(log, ["pulling frr:1 with podman", "podman pull: podman pull frr:1: 10 %"]);
});

Deno.test("run() starts a labelled container in the host's network that comes back by itself", async () => {
  const command =
    "podman run -d --name meshover-frr-n1 --label io.meshover.node=n1 --label io.meshover.config=v1 " +
    "--net=host --restart unless-stopped --cap-add NET_ADMIN frr:1";
  const { engine, exec } = engineWith({ [command]: ok("id\n") });
  await engine.run({
    name: "meshover-frr-n1",
    node: "n1",
    image: "frr:1",
    config: "v1",
    options: ["--cap-add", "NET_ADMIN"],
  });
  assert.deepEqual(exec.ran, [command]);
});

Deno.test("run() asks nerdctl for the only policy that it knows with every containerd", async () => {
  const command =
    "nerdctl run -d --name a --label io.meshover.node=n1 --label io.meshover.config=v1 --net=host --restart always frr:1";
  const exec = new FakeExec({ [command]: ok("id\n") });
  const engine = new Engine({ engine: "nerdctl", exec, log: () => {} });
  await engine.run({ name: "a", node: "n1", image: "frr:1", config: "v1", options: [] });
  assert.deepEqual(exec.ran, [command]);
});

Deno.test("parseInspect() takes a container without labels for a foreign version, and refuses another form", () => {
  const text = JSON.stringify([{ Id: "a", State: { Running: true }, Config: { Labels: null } }]);
  assert.deepEqual(parseInspect(text), [{ id: "a", running: true, config: "" }]);
  assert.throws(() => parseInspect('[{"Id":1}]'), { name: "StateError" });
  assert.equal(CONTAINER_ENGINES.length, 3);
});
