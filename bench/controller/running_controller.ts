/** Longest that a controller may take to start, milliseconds: busy machines take their time. */
const START_MS = 120_000;

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A controller that runs in a process of its own, as users run it. */
export class RunningController {
  readonly port: number;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts one on a free port of loopback and waits until it listens; `where` are the flags that name its database. */
  static async start(where: string | readonly string[]): Promise<RunningController> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        // As the executable does it (tools/bundle/run.sh says why).
        "--v8-flags=--optimize-for-size,--no-parallel-scavenge",
        "--allow-net",
        "--allow-read",
        "--allow-write",
        "--allow-ffi",
        "--allow-env",
        "--allow-sys",
        MAIN,
        "controller",
        "--listen",
        "127.0.0.1:0",
        ...(typeof where === "string" ? ["--statefile", where] : where),
      ],
      env: { MESHOVER_PASSWORD: "bench" },
      stderr: "piped",
      stdout: "null",
    }).spawn();
    const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    // One that hangs says nothing: only its end makes the reading below end.
    const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
    let text = "";
    while (!/listening on \S+?:([0-9]+)"/.test(text)) {
      const { done, value } = await lines.read();
      if (done) {
        clearTimeout(timer);
        throw new Error(`The controller did not start: ${text}`);
      }
      text += value;
    }
    clearTimeout(timer);
    void drain(lines);
    return new RunningController(child, Number(/listening on \S+?:([0-9]+)"/.exec(text)![1]));
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** An address below it. */
  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Calls it as admin. */
  async admin(method: string, options: { path: string; body?: unknown }): Promise<unknown> {
    const response = await fetch(this.url(options.path), {
      method,
      headers: {
        authorization: `Basic ${btoa("admin:bench")}`,
        "content-type": "application/json",
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Cannot ${method} ${options.path}: ${text}`);
    return JSON.parse(text);
  }

  /** Resident memory, MiB. */
  async rssMib(): Promise<number> {
    const { stdout } = await new Deno.Command("ps", {
      args: ["-o", "rss=", "-p", String(this.pid)],
    }).output();
    return Number(new TextDecoder().decode(stdout).trim()) / 1024;
  }

  /** Ends it and waits until it is gone. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    try {
      this.#child.kill(signal);
    } catch {
      // It was gone already.
    }
    await this.#child.status;
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
