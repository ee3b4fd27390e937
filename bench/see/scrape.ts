import type { ChildController } from "../../test/see/child_controller.ts";
import { progress } from "../figure.ts";
import { PASSWORD, withSimulatedMesh } from "./simulated_controller.ts";

/** One scrape. */
export interface Scrape {
  readonly ms: number;
  readonly bytes: number;
  /** Longest that a small request of somebody else took meanwhile, milliseconds. */
  readonly longestWaitMs: number;
}

/** Scrapes 1,000 nodes with 50 peers each, every time after all of them told their status anew. */
export async function scrapeSamples(count: number): Promise<Scrape[]> {
  const samples: Scrape[] = [];
  await withSimulatedMesh({ count: 1000, peers: 50 }, async (controller, mesh) => {
    await scrape(controller);
    for (let i = 1; i <= count; i++) {
      await mesh.tellAll({ peers: 50 });
      samples.push(await scrape(controller));
      progress(`scraped in ${Math.round(samples.at(-1)!.ms)} ms (${i} of ${count})`);
    }
  });
  return samples;
}

/** By curl: a client that costs little, as the machine is shared with the controller. */
async function scrape(controller: ChildController): Promise<Scrape> {
  const probe = new Probe(controller.url("/healthz"));
  const format = "%{time_total} %{size_download}";
  const child = new Deno.Command("curl", {
    args: ["-sf", "-o", "/dev/null", "-w", format, "-K", "-", controller.url("/metrics")],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  // Not as an argument: those can be read by everybody on the machine.
  await ReadableStream.from([`user = "admin:${PASSWORD}"\n`])
    .pipeThrough(new TextEncoderStream()).pipeTo(child.stdin);
  const { stdout, success } = await child.output();
  const longestWaitMs = await probe.stop();
  if (!success) throw new Error("curl could not scrape");
  const [seconds, bytes] = new TextDecoder().decode(stdout).split(" ").map(Number);
  return { ms: seconds! * 1000, bytes: bytes!, longestWaitMs };
}

/** Asks one small thing after the other. */
class Probe {
  #longest = 0;
  #over = false;
  readonly #asking: Promise<void>;

  constructor(url: string) {
    this.#asking = this.#ask(url);
  }

  async stop(): Promise<number> {
    this.#over = true;
    await this.#asking;
    return this.#longest;
  }

  async #ask(url: string): Promise<void> {
    while (!this.#over) {
      const begin = performance.now();
      await (await fetch(url)).body?.cancel();
      this.#longest = Math.max(this.#longest, performance.now() - begin);
    }
  }
}
