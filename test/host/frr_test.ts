import assert from "node:assert/strict";
import { FrrRefusalError } from "../../lib/host/frr_refusal_error.ts";
import { StateError } from "../../lib/model/errors.ts";
import { Frr } from "../../lib/host/frr.ts";
import { FakeExec } from "./fake_exec.ts";
import { backend, EMPTY, frrWith, LIST, LIST_WHOLE, listing, ok } from "./frr_with.ts";

Deno.test("running() leaves out a filter that one of the daemons has lost", async () => {
  const filter = "route-map a deny 10\n match interface b\nexit\n!\n";
  const { frr } = frrWith({
    [LIST]: ok(
      `${listing(`hostname x\n${filter}`)}${listing("")}${listing(filter)} zebra bgpd bfdd\n`,
    ),
  });
  assert.equal(await frr.running(), "hostname x\n");
});

Deno.test("running() keeps filters that are numbered differently in the daemons", async () => {
  const entry = (n: number) => listing(`ip prefix-list a seq ${n} permit 10.0.0.0/8\n`);
  const { frr } = frrWith({ [LIST]: ok(`${entry(5)}${entry(10)}${entry(5)} zebra bgpd bfdd\n`) });
  assert.equal(await frr.running(), "ip prefix-list a seq 5 permit 10.0.0.0/8\n");
});

Deno.test("running() asks each daemon again only when the whole is another, was changed or is a minute old", async () => {
  let text = "hostname a\n";
  let now = 0;
  const whole = () => `${listing(text)} zebra bgpd bfdd\n`;
  const { frr, exec } = frrWith({
    get [LIST]() {
      return ok(`${listing(text)}${listing(text)}${whole()}{}`);
    },
    get [LIST_WHOLE]() {
      return ok(`${whole()}{}`);
    },
    "vtysh -E -c configure terminal\nhostname c": ok(""),
  }, () => now);
  const asked = async () => {
    exec.ran.length = 0;
    assert.equal(await frr.running(), text);
    return exec.ran;
  };
  assert.deepEqual(await asked(), [LIST]);
  assert.deepEqual(await asked(), [LIST_WHOLE]);
  text = "hostname b\n";
  assert.deepEqual(await asked(), [LIST_WHOLE, LIST]);
  assert.deepEqual(await asked(), [LIST_WHOLE]);
  await frr.apply(["hostname c"]);
  assert.deepEqual(await asked(), [LIST]);
  assert.deepEqual(await asked(), [LIST_WHOLE]);
  now = 60_000;
  assert.deepEqual(await asked(), [LIST]);
});

Deno.test("running() does not take a listing from before a change for one from after it", async () => {
  const filter = "route-map a deny 10\n match interface b\nexit\n!\n";
  let bgpd = "";
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const exec = {
    run: async (argv: readonly string[]) => {
      if (argv.join(" ") === LIST) {
        return ok(`${listing(filter)}${listing(bgpd)}${listing(filter)} zebra bgpd bfdd\n`);
      }
      if (argv.join(" ") === LIST_WHOLE) return ok(`${listing(filter)} zebra bgpd bfdd\n`);
      started.resolve();
      await finish.promise;
      bgpd = filter;
      return ok("");
    },
    watch: () => Promise.reject(new Error("not expected")),
  };
  const frr = new Frr({ exec, backend, now: () => 0 });
  assert.equal(await frr.running(), "");
  const applying = frr.apply(["route-map a deny 10", "match interface b", "exit"]);
  await started.promise;
  assert.equal(await frr.running(), "");
  finish.resolve();
  await applying;
  assert.equal(await frr.running(), "route-map a deny 10\n match interface b\n");
});

Deno.test("running() is undefined while a daemon does not answer", async () => {
  assert.equal(
    await frrWith({ [LIST]: ok(`${listing("")}${listing("")}${listing("")} zebra bgpd\n`) }).frr
      .running(),
    undefined,
  );
  assert.equal(
    await frrWith({ [LIST]: { code: 1, stdout: "", stderr: "failed to connect" } }).frr.running(),
    undefined,
  );
});

Deno.test("apply() says which line FRR refused, in FRR's words, and takes back what came before it", async () => {
  const before = ok(`${listing("")}${listing("")}${listing("")} zebra bgpd bfdd\n`);
  const after = "router bgp 1\n timers bgp 1 3\nexit\n";
  const half = ok(`${listing(after)}${listing(after)}${listing("")} zebra bgpd bfdd\n`);
  let listings = 0;
  const answers = {
    get [LIST]() {
      return listings++ === 0 ? before : half;
    },
    "vtysh -E -c configure terminal\nrouter bgp 1\ntimers bgp 1 3\nfrob\nexit": {
      code: 1,
      stdout:
        "vm# configure terminal\nvm(config)# router bgp 1\nvm(config-router)# timers bgp 1 3\nvm(config-router)# frob\n% Unknown command: frob\n",
      stderr: "",
    },
    "vtysh -E -c configure terminal\nno router bgp 1": ok(""),
  };
  const { frr, exec } = frrWith(answers);
  await assert.rejects(frr.apply(["router bgp 1", "timers bgp 1 3", "frob", "exit"]), {
    name: "StateError",
    message:
      'Cannot configure FRR: "frob": Unknown command: frob; the configuration from before is in place',
  });
  assert.equal(exec.ran.at(-1), "vtysh -E -c configure terminal\nno router bgp 1");
});

Deno.test("apply() goes on where it stopped when another session held FRR's configuration", async () => {
  const list = ok(`${listing("")}${listing("")}${listing("")} zebra bgpd bfdd\n`);
  const locked = (shown: string) => ({
    code: 1,
    stdout: `vm# configure terminal\n${shown}% command failed, could not lock running DS\n`,
    stderr: "",
  });
  let tries = 0;
  const { frr, exec } = frrWith({
    [LIST]: list,
    "vtysh -E -c configure terminal\nno route-map y\nrouter bgp 1\ntimers bgp 1 3\nexit": locked(
      "vm(config)# no route-map y\nvm(config)# router bgp 1\nvm(config-router)# timers bgp 1 3\n",
    ),
    get ["vtysh -E -c configure terminal\nrouter bgp 1\ntimers bgp 1 3\nexit"]() {
      return tries++ === 0
        ? locked("vm(config)# router bgp 1\nvm(config-router)# timers bgp 1 3\n")
        : ok("");
    },
  });
  await frr.apply(["no route-map y", "router bgp 1", "timers bgp 1 3", "exit"]);
  assert.equal(tries, 2);
  assert.equal(
    exec.ran.at(-1),
    "vtysh -E -c configure terminal\nrouter bgp 1\ntimers bgp 1 3\nexit",
  );
});

Deno.test("apply() runs nothing when there is nothing to apply", async () => {
  const { frr, exec } = frrWith({});
  await frr.apply([]);
  assert.deepEqual(exec.ran, []);
});

Deno.test("apply() gives many lines to one session in several arguments", async () => {
  const lines = Array.from(
    { length: 4000 },
    (_, i) => `ip prefix-list many permit 10.${i >> 8}.${i & 255}.0/24`,
  );
  const pieces: string[][] = [];
  const exec = {
    run: (argv: readonly string[]) => {
      if (argv[1] === "-E") pieces.push(argv.filter((_, i) => i > 1 && argv[i - 1] === "-c"));
      return Promise.resolve(ok(""));
    },
    watch: () => Promise.reject(new Error("not expected")),
  };
  await new Frr({ exec, backend, now: () => 0 }).apply(lines);
  assert.equal(pieces.length, 1);
  assert.ok(pieces[0]!.length > 2 && pieces[0]!.every((piece) => piece.length < 131_072));
  assert.deepEqual(pieces[0]!.join("\n").split("\n"), [
    "configure terminal",
    "XFRR_start_configuration",
    ...lines,
    "XFRR_end_configuration",
  ]);
});

Deno.test("check() gives FRR's own message and line", async () => {
  const { frr, exec } = frrWith({
    "vtysh -C -f /dev/stdin": {
      code: 2,
      stdout: "",
      stderr: "line 2: % Unknown command[25]:  neighbor fabric frob\n\n",
    },
  });
  await assert.rejects(frr.check("router bgp 1\n neighbor fabric frob\n"), {
    name: "InputError",
    message: "FRR refuses the configuration in line 2: Unknown command[25]:  neighbor fabric frob",
  });
  assert.deepEqual(exec.inputs, ["router bgp 1\n neighbor fabric frob\n"]);
});

Deno.test("stuckTunnels() names a tunnel only when it stays silent, and anew after its cure", async () => {
  let now = 0;
  const shown =
    "Interface meshover0-tun2 is up, line protocol is up\n  ND router advertisements sent: 0 rcvd: 0\n";
  const { frr } = frrWith({ "vtysh -c show interface meshover0-tun2": ok(shown) }, () => now);
  const session = {
    tunnel: "meshover0-tun2",
    state: "Idle",
    prefixesReceived: 0,
    prefixesSent: 0,
    dropped: 0,
  };
  const well = { ...session, tunnel: "meshover0-tun3", state: "Established" };
  const sessions = new Map([session, well].map((one) => [one.tunnel, one]));
  assert.deepEqual(await frr.stuckTunnels(sessions), []);
  now = 3_000;
  assert.deepEqual(await frr.stuckTunnels(sessions), []);
  now = 5_000;
  assert.deepEqual(await frr.stuckTunnels(sessions), ["meshover0-tun2"]);
  now = 6_000;
  assert.deepEqual(await frr.stuckTunnels(sessions), []);
});

Deno.test("sessions() are none while BGP is not configured", async () => {
  const { frr } = frrWith({ "vtysh -c show bgp summary json": ok("% BGP instance not found\n") });
  assert.equal((await frr.sessions()).size, 0);
});

Deno.test("routes() reads both families from one run of vtysh, also where FRR answers one in words", async () => {
  const route = '{"10.9.0.0/16":[{"prefix":"10.9.0.0/16","protocol":"kernel","selected":true,' +
    '"installed":true,"nexthops":[{"interfaceName":"br0"}]}]}';
  const shown = `vm# show ip route json\n${route}\nvm# show ipv6 route json\n% no such thing\n`;
  const { frr, exec } = frrWith({
    "vtysh -E -c show ip route json -c show ipv6 route json": ok(shown),
  });
  assert.deepEqual(await frr.routes(), [
    { prefix: "10.9.0.0/16", protocol: "kernel", devices: ["br0"] },
  ]);
  assert.equal(exec.ran.length, 1);
});

Deno.test("apply() names what may hold the port when bgpd has ended", async () => {
  const { frr } = frrWith({
    [LIST]: EMPTY,
    "vtysh -E -c configure terminal\nrouter bgp 1\nexit": {
      code: 1,
      stdout: "vm# configure terminal\nvm(config)# router bgp 1\n",
      stderr: "bgpd is not running\n",
    },
  });
  await assert.rejects(frr.apply(["router bgp 1", "exit"]), {
    message: /bgpd is not running; does another BGP speaker hold TCP port 179\?/,
  });
});

Deno.test("apply() has a stuck mgmtd started anew: at once when a daemon left it, after a minute when it stays locked", async () => {
  const saying = (said: string) => ({
    code: 1,
    stdout: `vm# configure terminal\nvm(config)# router bgp 1\n% ${said}\n`,
    stderr: "",
  });
  const left = "Configuration failed.; Backend daemon disconnected while processing commit!";
  const locked = "command failed, could not lock running DS";
  let said = left;
  let isOurs = true;
  let restarts = 0;
  let nowMs = 0;
  const answers = {
    [LIST]: ok(`${listing("")}${listing("")}${listing("")} zebra bgpd bfdd\n`),
    // Waiting for the lock takes 20 s.
    get ["vtysh -E -c configure terminal\nrouter bgp 1"]() {
      if (said === locked) nowMs += 21_000;
      return saying(said);
    },
  };
  const restartMgmtd = () => {
    restarts++;
    return Promise.resolve(isOurs);
  };
  const exec = new FakeExec(answers);
  const frr = new Frr({ exec, backend: { ...backend, restartMgmtd }, now: () => nowMs });
  const failing = (message: RegExp) => assert.rejects(frr.apply(["router bgp 1"]), { message });
  await failing(/processing commit!; its mgmtd was stuck and was started anew$/);
  assert.equal(restarts, 1);
  said = locked;
  for (let turn = 0; turn < 3; turn++) {
    await failing(/could not lock running DS; another session holds its configuration$/);
  }
  assert.equal(restarts, 1);
  isOurs = false;
  await failing(/its mgmtd is stuck: it is free again in ten minutes, or when FRR is restarted$/);
  assert.equal(restarts, 2);
});

Deno.test("apply() tells a line that was refused from a daemon that ended", async () => {
  const said = (words: string) => ({
    code: 1,
    stdout: `vm# configure terminal\nvm(config)# frob\n${words}\n`,
    stderr: "",
  });
  const trial = (words: string) =>
    frrWith({ [LIST]: EMPTY, "vtysh -E -c configure terminal\nfrob": said(words) }).frr
      .apply(["frob"]).then(() => undefined, (error: unknown) => error);
  assert.ok(await trial("% Unknown command") instanceof FrrRefusalError);
  const ended = await trial("% bgpd is not running");
  assert.ok(ended instanceof StateError && !(ended instanceof FrrRefusalError), `${ended}`);
});
