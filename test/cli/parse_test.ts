import assert from "node:assert/strict";
import { defineCommand } from "../../lib/cli/command.ts";
import {
  duration,
  integer,
  listFlag,
  parseBoolean,
  secretFlag,
  switchFlag,
  text,
  valueFlag,
} from "../../lib/cli/flag.ts";
import { parseCommandLine, type Sources } from "../../lib/cli/parse.ts";
import { InputError } from "../../lib/model/errors.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";

const command = defineCommand({
  name: "try",
  summary: "",
  args: ["[NAME]"],
  flags: {
    port: valueFlag("PORT", "", integer(1, 65535)),
    name: valueFlag("NAME", "", text),
    pool: listFlag({
      placeholder: "CIDR",
      summary: "",
      parse: parsePrefix,
      fallback: "10.0.0.0/8",
    }),
    verbose: switchFlag(""),
    password: secretFlag("PASSWORD", ""),
  },
  run: () => Promise.resolve(0),
});

function sources(
  more: {
    env?: Record<string, string>;
    files?: Record<string, string>;
    config?: Record<string, unknown>;
  } = {},
): Sources {
  return {
    env: (name) => more.env?.[name],
    readFile: (path) => {
      const found = more.files?.[path];
      if (found === undefined) throw new InputError(`Cannot read ${path}`);
      return found;
    },
    readConfig: () => more.config ?? {},
  };
}

const read = (argv: string[], more = {}) => parseCommandLine(command, argv, sources(more)).values;

Deno.test("a flag beats the environment, which beats the file, which beats the default", () => {
  const env = { MESHOVER_PORT: "2", MESHOVER_CONFIG: "f" };
  const config = { port: 3 };
  assert.equal(read(["--port", "1"], { env, config })["port"], 1);
  assert.equal(read([], { env, config })["port"], 2);
  assert.equal(read(["--config", "f"], { config })["port"], 3);
  assert.equal(read([])["port"], undefined);
  assert.deepEqual(read([])["pool"], ["10.0.0.0/8"]);
});

Deno.test("one dash is accepted as well as two, and = as well as a blank", () => {
  assert.equal(read(["-port", "5"])["port"], 5);
  assert.equal(read(["-port=6"])["port"], 6);
  assert.equal(read(["-verbose"])["verbose"], true);
  assert.equal(read(["--verbose=false"])["verbose"], false);
});

Deno.test("a list may be repeated, written with commas, or be a list in the file", () => {
  const want = ["10.0.0.0/8", "fd00::/8"];
  assert.deepEqual(read(["--pool", "10.0.0.0/8", "--pool", "fd00::/8"])["pool"], want);
  assert.deepEqual(read(["--pool", "10.0.0.0/8,fd00::/8"])["pool"], want);
  assert.deepEqual(read(["--config", "f"], { config: { pool: want } })["pool"], want);
});

Deno.test("a secret may stand in a file", () => {
  assert.equal(read(["--password-file", "p"], { files: { p: "geheim\n" } })["password"], "geheim");
  const env = { MESHOVER_PASSWORD_FILE: "p" };
  assert.equal(read([], { env, files: { p: "geheim\n" } })["password"], "geheim");
});

Deno.test("bad input is answered with the flag, the value and what is accepted", () => {
  const says = (argv: string[], words: RegExp, more = {}) =>
    assert.throws(() => read(argv, more), (e) => e instanceof InputError && words.test(e.message));
  says(["--prot", "1"], /^Unknown flag --prot: did you mean --port\?$/);
  says(["--xyzzy"], /^Unknown flag --xyzzy: see "meshover try --help"$/);
  says(["--port", "0"], /^--port: "0" is not accepted; expected a whole number from 1 to 65535$/);
  says(["--port"], /^--port needs a value$/);
  says(
    ["--pool", "10.1.0.0/8"],
    /^--pool: "10.1.0.0\/8" has bits set .* did you mean 10.0.0.0\/8\?$/,
  );
  says([], /^MESHOVER_PORT: "x" is not accepted/, { env: { MESHOVER_PORT: "x" } });
  says(["--config", "f"], /^Unknown key "prot" in f: did you mean port\?$/, {
    config: { prot: 1 },
  });
  says(["--config", "f"], /^port in f: "x" is not accepted/, { config: { port: "x" } });
  says(["a", "b"], /^Unexpected "b": meshover try \[NAME\]$/);
});

Deno.test("a bad secret file is named by its own flag", () => {
  assert.throws(() => read(["--password-file", "nowhere"]), /Cannot read nowhere/);
});

Deno.test("duration() and parseBoolean() read what people write, and refuse the rest", () => {
  assert.deepEqual(["90s", "10m", "12h", "7d"].map(duration), [90, 600, 43_200, 604_800]);
  for (const bad of ["", "5", "0s", "1w", "-1s"]) assert.throws(() => duration(bad), InputError);
  assert.deepEqual(["true", "0", "off", "YES"].map(parseBoolean), [true, false, false, true]);
  assert.throws(() => parseBoolean("maybe"), InputError);
});
