import assert from "node:assert/strict";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const PERMISSIONS = ["net", "read", "write", "ffi", "env", "sys"].map((name) => `--allow-${name}`);

/** Open files that the controller may have. */
const FILES = 200;

/** Connections that are opened at a time: one after the other takes long where every one waits for its turn. */
const AT_A_TIME = 10;

Deno.test("a controller with more connections than it may have open files goes on when they are fewer", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-files-" });
  const controller = ["controller", "--listen", "127.0.0.1:0", "--statefile", folder];
  const command = [Deno.execPath(), "run", "--quiet", ...PERMISSIONS, MAIN, ...controller];
  const child = new Deno.Command("sh", {
    args: ["-c", `ulimit -n ${FILES}; exec "$@"`, "sh", ...command],
    env: { MESHOVER_PASSWORD: "files" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said += text;
  })();
  const until = async (what: string, isTrue: () => boolean | Promise<boolean>) => {
    const deadline = Date.now() + 120_000;
    while (!await isTrue()) {
      assert.ok(Date.now() < deadline, `${what}: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const connections: Deno.Conn[] = [];
  try {
    await until("it listens", () => /listening on/.test(said));
    const port = Number(/listening on http:\/\/127\.0\.0\.1:([0-9]+)/.exec(said)![1]);
    await until("it has too many connections", async () => {
      const open = async () => {
        const conn = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
        if (conn !== undefined) connections.push(conn);
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, open));
      return /cannot take connections/.test(said);
    });
    connections.forEach((conn) => conn.close());
    await until("it answers again", async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      await response?.body?.cancel();
      return response?.status === 200;
    });
    await until("it says so", () => /taking connections again/.test(said));
    assert.equal(said.match(/cannot take connections/g)!.length, 1, "once, however often it tries");
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await reading;
    await Deno.remove(folder, { recursive: true });
  }
});
