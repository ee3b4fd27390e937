import assert from "node:assert/strict";
import fc from "fast-check";
import { runProgram } from "../run_program.ts";
import { mirrorAmong } from "./debian_mirror.ts";
import { imageRecipe } from "./image_recipe.ts";
import { qemuCommand, type QemuParts } from "./qemu_command.ts";
import { shellQuote } from "./shell_quote.ts";
import { tethered } from "./tethered.ts";

Deno.test("shellQuote() makes one word that the shell reads back unchanged", async () => {
  const words = fc.sample(
    fc.string({ unit: "binary-ascii" }).map((s) => s.replaceAll("\0", "")),
    60,
  );
  const script = `for word in ${words.map(shellQuote).join(" ")}; do printf '%s\\0' "$word"; done`;
  assert.deepEqual((await runProgram(["sh", "-c", script])).split("\0").slice(0, -1), words);
});

Deno.test("mirrorAmong() takes the archive proper and no other", () => {
  const lines = [
    "Example\tExample\thttp://third.example/",
    "Debian\tDebian-Security\thttp://security.example/",
    "Debian\tDebian\thttp://packages.example/debian/",
  ];
  assert.equal(mirrorAmong(lines.join("\n")), "http://packages.example/debian/");
  assert.equal(mirrorAmong(lines.slice(0, 2).join("\n")), undefined);
});

Deno.test("imageRecipe() is the same for the same wishes, in whatever order", () => {
  assert.deepEqual(imageRecipe("trixie", []), imageRecipe("trixie", []));
  assert.notDeepEqual(imageRecipe("trixie", []), imageRecipe("bookworm", []));
  assert.throws(() => imageRecipe("trixie", ["nonesuch"]), /No such flavour: nonesuch/);
});

const PARTS: QemuParts = {
  ...{
    emulator: ["/qemu"],
    kernel: "/k",
    rootDisk: "/root.img",
    disks: ["/a", "/b"],
    consoleLog: "/c",
    control: "/d",
  },
  ...{ memoryMiB: 512, interactive: false, systemd: false, steady: false },
};

Deno.test("a machine whose clock counts instructions has one thread, as the emulator demands", () => {
  const argv = qemuCommand({ ...PARTS, steady: true });
  assert.equal(argv[argv.indexOf("-icount") + 1], "shift=1,sleep=off");
  assert.ok(argv.includes("tcg,thread=single"));
  assert.ok(!qemuCommand(PARTS).includes("-icount"));
});

Deno.test("a machine writes to none of its disks and has no network", () => {
  const argv = qemuCommand(PARTS);
  const drives = argv.filter((_, i) => argv[i - 1] === "-drive");
  assert.equal(drives.length, 3);
  assert.ok(drives.every((drive) => drive.includes("snapshot=on")));
  assert.equal(argv[argv.indexOf("-nic") + 1], "none");
  assert.ok(argv.includes("tcg,thread=multi"));
});

Deno.test("tethered() ends a program when its time is over", async () => {
  const [program, ...args] = tethered(["sleep", "60"], { deadlineS: 1 });
  const { code } = await new Deno.Command(program!, { args, stdin: "null" }).output();
  assert.equal(code, 124);
});

Deno.test("tethered() ends a program when the process that started it is killed", async () => {
  const argv = tethered(["sh", "-c", "echo $$; exec sleep 60"], { deadlineS: 60 });
  const script = `const [program, ...args] = ${JSON.stringify(argv)};
    const child = new Deno.Command(program, { args, stdin: "null", stdout: "piped" }).spawn();
    const { value } = await child.stdout.getReader().read();
    await Deno.stdout.write(value!);
    Deno.kill(Deno.pid, "SIGKILL");`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, script);
    const argv = [Deno.execPath(), "run", "--allow-all", "--quiet", "--no-config", file];
    const { stdout } = await new Deno.Command(argv[0]!, { args: argv.slice(1) }).output();
    const pid = Number(new TextDecoder().decode(stdout));
    assert.ok(pid > 0);
    // tail ends as soon as the process does; it looks once a second.
    await runProgram(["tail", `--pid=${pid}`, "-f", "/dev/null"], { deadlineS: 30 });
  } finally {
    await Deno.remove(file);
  }
});
