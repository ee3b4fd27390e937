import { parseArgs } from "node:util";
import { InputError, messageOf, StateError } from "../lib/model/errors.ts";
import { FLAVOURS, type Release, RELEASES } from "../test/lab/machine/image_recipe.ts";
import { buildImage, runInMachine } from "../test/lab/machine/machine.ts";
import { PROJECT_ROOT } from "../test/lab/machine/project_root.ts";

const HELP =
  `The lab: a virtual machine with a Debian kernel and all its modules, real WireGuard and FRR.

deno task lab [options]                run the lab's scenarios in the machine
deno task lab [options] -- COMMAND…    run a command in it, the project at /meshover; its exit code is returned
deno task lab [options] --shell        a shell in it; it ends with the shell
deno task lab [options] --build        only make the image

--release ${RELEASES.join("|")}   Debian release (default ${RELEASES[0]})
--flavour ${Object.keys(FLAVOURS).join("|")}        further software in the image; may be repeated
--systemd                    boot systemd in place of a bare first program
--steady                     let the machine's clock count its instructions: what else the host does upsets no timer in
                             it, but it takes the host longer
--timeout SECONDS            end the machine after that time (default 1200; a shell: 14400)
--memory MEBIBYTES           memory of the machine (default 2048)`;

/** What runs when no command is given: every scenario that can run in the machine. */
const SCENARIOS = [
  "deno",
  "run",
  ...["run", "read", "write", "env", "net", "sys"].map((name) => `--allow-${name}`),
  "--cached-only",
  "test/lab/run.ts",
  "--where",
  "machine",
];

interface Options {
  readonly release: Release;
  readonly flavours: readonly string[];
  readonly systemd: boolean;
  readonly steady: boolean;
  readonly shell: boolean;
  readonly build: boolean;
  readonly timeoutS: number;
  readonly memoryMiB: number;
  readonly command: readonly string[];
}

function parse(argv: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      release: { type: "string", default: RELEASES[0]! },
      flavour: { type: "string", multiple: true, default: [] },
      systemd: { type: "boolean", default: false },
      steady: { type: "boolean", default: false },
      shell: { type: "boolean", default: false },
      build: { type: "boolean", default: false },
      timeout: { type: "string" },
      memory: { type: "string", default: "2048" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { shell, build, systemd, steady, flavour } = values;
  return {
    release: oneOf(RELEASES, values.release, "--release"),
    flavours: flavour.map((name) => oneOf(Object.keys(FLAVOURS), name, "--flavour")),
    ...{ systemd, steady, shell, build },
    timeoutS: positive(values.timeout ?? (shell ? "14400" : "1200"), "--timeout"),
    memoryMiB: positive(values.memory, "--memory"),
    command: positionals.length > 0 ? positionals : SCENARIOS,
  };
}

function oneOf<T extends string>(words: readonly T[], word: string, flag: string): T {
  const found = words.find((w) => w === word);
  if (found === undefined) {
    throw new InputError(`${flag} "${word}": expected one of ${words.join(", ")}`);
  }
  return found;
}

function positive(text: string, flag: string): number {
  if (!/^[1-9][0-9]{0,6}$/.test(text)) {
    throw new InputError(`${flag} "${text}": expected a whole number above 0`);
  }
  return Number(text);
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  if (options.shell && !Deno.stdin.isTerminal()) throw new InputError("--shell needs a terminal");
  const say = (line: string) => console.error(`lab: ${line}`);
  const image = await buildImage({ release: options.release, flavours: options.flavours, say });
  if (options.build) return 0;
  return await run(options, { image, say });
}

async function run(
  options: Options,
  with_: { image: Awaited<ReturnType<typeof buildImage>>; say: (line: string) => void },
): Promise<number> {
  const { image, say } = with_;
  const started = performance.now();
  const since = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  say(`starting a machine with Debian ${image.release} (project: ${PROJECT_ROOT} as /meshover)`);
  const size = Deno.stdin.isTerminal() ? Deno.consoleSize() : { columns: 80, rows: 24 };
  const { code } = await runInMachine({
    image,
    ...(options.shell ? {} : { command: options.command }),
    env: options.shell
      ? { TERM: Deno.env.get("TERM") ?? "linux", LINES: `${size.rows}`, COLUMNS: `${size.columns}` }
      : { NO_COLOR: "1" },
    timeoutMs: options.timeoutS * 1000,
    onLine: (line) => console.log(line),
    onReady: () => say(`machine ready after ${since()}`),
    systemd: options.systemd,
    steady: options.steady,
    memoryMiB: options.memoryMiB,
  });
  say(`machine gone after ${since()}, exit code ${code}`);
  return code;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(`lab: ${messageOf(error)}`);
    Deno.exit(
      error instanceof InputError || error instanceof TypeError
        ? 2
        : error instanceof StateError
        ? 1
        : 1,
    );
  }
}
