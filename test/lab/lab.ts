import { diagnose } from "./diagnose.ts";
import { Mesh, type MeshOptions } from "./mesh.ts";
import type { Place } from "./scenario.ts";
import { World } from "./world.ts";

/** Lines of log that a failed scenario shows of each program. */
const SHOWN = 15;

/** What one scenario has made; disposing removes all of it. */
export class Lab implements AsyncDisposable {
  /** Where the scenario runs. */
  readonly place: Place;
  readonly #worlds: World[] = [];
  readonly #logs = new Map<string, string[]>();

  /** @param place where the scenario runs @param onStep told what a long scenario has seen */
  constructor(place: Place, private readonly onStep: (what: string) => void = () => {}) {
    this.place = place;
  }

  /** A long scenario tells how far it is. */
  step(what: string): void {
    this.onStep(what);
  }

  /** Makes a world of hosts without meshover. */
  async world(nodes: number): Promise<World> {
    const world = await World.create({ nodes });
    this.#worlds.push(world);
    return world;
  }

  /** Makes a world with a running controller. */
  async mesh(nodes: number, options: MeshOptions = {}): Promise<Mesh> {
    const world = await this.world(nodes);
    return await Mesh.start(world, { onLine: (who, line) => this.#note(who, line), ...options });
  }

  /** The last lines that the controller and each agent printed. */
  get lastLines(): string[] {
    return [...this.#logs].flatMap(([who, lines]) =>
      lines.slice(-SHOWN).map((line) => `${who}: ${line}`)
    );
  }

  /** What all hosts look like now, line by line. */
  async diagnosis(): Promise<string[]> {
    const hosts = this.#worlds.flatMap(({ nodes }) => nodes);
    return (await Promise.all(hosts.map(diagnose))).flat();
  }

  /** Ends and removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#worlds.map((world) => world[Symbol.asyncDispose]()));
  }

  #note(who: string, line: string): void {
    const lines = this.#logs.get(who) ?? [];
    this.#logs.set(who, [...lines.slice(-SHOWN), line]);
  }
}
