const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const PERMISSIONS = ["net", "read", "write", "ffi", "env", "sys"].map((name) => `--allow-${name}`);

/** Longest that a controller may take to start, milliseconds. */
const START_MS = 60_000;

/** A controller in a process of its own, as users run it. */
export class ChildController {
  readonly port: number;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts one on loopback, on a free port unless one is told, and waits until it listens. */
  static async start(
    options: { folder: string; password: string; port?: number; args?: readonly string[] },
  ): Promise<ChildController> {
    const { folder, password, port = 0, args = [] } = options;
    const flags = ["--listen", `127.0.0.1:${port}`, "--statefile", folder, ...args];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...PERMISSIONS, MAIN, "controller", ...flags],
      env: { MESHOVER_PASSWORD: password },
      stderr: "piped",
      stdout: "null",
    }).spawn();
    const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
    let said = "";
    let found: RegExpExecArray | null = null;
    while (found === null) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`The controller did not start: ${said}`);
      said += value;
      found = /listening on \S+?:([0-9]+)"/.exec(said);
    }
    clearTimeout(timer);
    void drain(reader);
    return new ChildController(child, Number(found[1]));
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** An address below it. */
  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Ends it and waits until it is gone. */
  async stop(): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It was gone already.
    }
    await this.#child.status;
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
