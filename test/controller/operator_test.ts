import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { enrolAll, makeNode } from "../../bench/controller/swarm.ts";
import { openDatabase, placeInFolder } from "../../lib/store/open_database.ts";
import { meshover } from "./meshover_command.ts";

Deno.test("an operator makes a token, lists, removes, backs up and restores by the command line", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-operator-" });
  const controller = await RunningController.start(folder);
  const env = { MESHOVER_CONTROLSERVER: controller.url("").replace(/\/$/, "") };
  const run = (...args: string[]) => meshover(args, env);
  try {
    const { out: line } = await run("token", "gen", "--note", "rack 3");
    assert.match(line, /^1 [0-9a-f]{64}$/);
    const token = line.split(" ")[1]!;
    await enrolAll(controller, { nodes: [makeNode(1), makeNode(2)], token, width: 2 });

    const { out: tokens } = await run("token", "list");
    assert.match(tokens, /rack 3/);
    assert.ok(!tokens.includes(token));
    const { out: nodes } = await run("node", "list");
    assert.match(nodes, /node1\.site1\.example\.net/);

    const backup = `${folder}/backup.db`;
    assert.equal((await run("controller", "backup", backup, "--statefile", folder)).code, 0);
    assert.equal((await Deno.stat(backup)).mode! & 0o777, 0o600);
    assert.equal((await run("node", "remove", "node1.site1.example.net")).code, 0);
    assert.ok(!(await run("node", "list")).out.includes("node1.site1"));
    assert.match(
      (await run("controller", "restore", backup, "--statefile", folder)).out,
      /restored 2 node/,
    );
    assert.match((await run("node", "list")).out, /node1\.site1/);
    assert.match((await run("audit")).out, /node\.enrol/);

    const range = "172.20.0.0/16";
    assert.match((await run("route", "forget", range)).out, /^nothing was decided on 172\.20/);
    assert.match((await run("route", "deny", range)).out, /^denied/);
    assert.match((await run("route", "forget", range)).out, /^forgot what was decided on/);
  } finally {
    await controller.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "a database that root restores belongs to whom its folder belongs to",
  ignore: Deno.uid() !== 0,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "meshover-operator-" });
    try {
      const backup = `${folder}/backup.db`;
      const service = `${folder}/service`;
      for (const name of ["one", "service"]) await Deno.mkdir(`${folder}/${name}`);
      await Deno.chown(service, 12345, 12345);
      await (await openDatabase(placeInFolder(`${folder}/one`), { meshId: "one" })).close();
      const { err } = await meshover(
        ["controller", "backup", backup, "--statefile", `${folder}/one`],
      );
      assert.equal(err, "");
      const restored = await meshover(["controller", "restore", backup, "--statefile", service]);
      assert.equal(restored.code, 0, restored.err);
      for await (const { name } of Deno.readDir(service)) {
        assert.equal((await Deno.stat(`${service}/${name}`)).uid, 12345, name);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("bad input to the controller's commands is one line that says what to do", async () => {
  const nowhere = "http://127.0.0.1:9";
  const cases: readonly (readonly [string[], number, RegExp])[] = [
    [["controller", "--wgaddress", "bogus"], 2, /--wgaddress: "bogus" is not a prefix/],
    [["controller", "--database", "foo://x"], 2, /"foo:\/\/x" is not a database/],
    [["controller", "--tls-cert", "x"], 2, /--tls-cert and --tls-key belong together/],
    [
      ["token", "list", "--controlserver", nowhere],
      1,
      /Cannot list the tokens: http:\/\/127\.0\.0\.1:9: /,
    ],
    [["token", "list", "--controlserver", "http://192.0.2.1"], 2, /--insecure-http/],
    [["node", "set", "n1", "--controlserver", nowhere], 2, /Nothing to change/],
    [["controller", "restore", "/nonexistent.db"], 1, /there is no such file/],
  ];
  await Promise.all(cases.map(async ([args, code, pattern]) => {
    const said = await meshover(args);
    assert.equal(said.code, code, `${args.join(" ")}: ${said.err}`);
    assert.match(said.err, pattern);
    assert.ok(!said.err.includes("bench"), "the password stands in the error");
    const own = said.err.split("\n").filter((line) => line.startsWith("meshover:"));
    assert.equal(own.length, 1, said.err);
  }));
});
