import { z } from "zod";
import { StateError } from "../model/errors.ts";
import { type Exec, ExecError, runOrThrow } from "./exec.ts";

/** Programs that run containers, all with the words of docker. */
export const CONTAINER_ENGINES = ["docker", "podman", "nerdctl"] as const;
/** See {@link CONTAINER_ENGINES}. */
export type ContainerEngine = typeof CONTAINER_ENGINES[number];

/** Label by which a node's container is found again, whatever its name. */
export const NODE_LABEL = "io.meshover.node";
/** Label with the version of what it was made from. */
export const CONFIG_LABEL = "io.meshover.config";

/** How long an image may take to come over a slow line, milliseconds. */
const PULL_TIMEOUT_MS = 30 * 60_000;
const START_TIMEOUT_MS = 120_000;

/** A container of meshover. */
export interface Container {
  readonly id: string;
  readonly running: boolean;
  /** Value of {@link CONFIG_LABEL}. */
  readonly config: string;
}

/** What a container is made from. */
export interface ContainerRecipe {
  readonly name: string;
  /** Value of {@link NODE_LABEL}. */
  readonly node: string;
  readonly image: string;
  /** Value of {@link CONFIG_LABEL}. */
  readonly config: string;
  /** Further words for `run`: mounts, capabilities. */
  readonly options: readonly string[];
}

// The part of `inspect` that docker, podman and nerdctl (in its docker-compatible mode) have in common.
const inspectSchema = z.array(z.object({
  Id: z.string(),
  State: z.object({ Running: z.boolean() }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
}));

/** Reads the answer of `inspect`. @throws {StateError} when it has another form. */
export function parseInspect(text: string): readonly Container[] {
  const parsed = inspectSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new StateError(
      `Cannot read what the container engine tells of a container: ${
        parsed.error.issues[0]?.message
      }`,
    );
  }
  return parsed.data.map(({ Id, State, Config }) => ({
    id: Id,
    running: State.Running,
    config: Config.Labels?.[CONFIG_LABEL] ?? "",
  }));
}

/** How an engine is worked with. */
export interface EngineParts {
  readonly engine: ContainerEngine;
  readonly exec: Exec;
  /** Told what takes time. */
  readonly log: (line: string) => void;
}

/** One container engine, with the few commands that are needed. */
export class Engine {
  readonly name: ContainerEngine;
  readonly #exec: Exec;
  readonly #log: (line: string) => void;

  constructor(parts: EngineParts) {
    this.name = parts.engine;
    this.#exec = parts.exec;
    this.#log = parts.log;
  }

  /** Containers with this node's label, running or not. */
  async find(node: string): Promise<readonly Container[]> {
    const filter = `label=${NODE_LABEL}=${node}`;
    const listed = await runOrThrow(this.#exec, [this.name, "ps", "-aq", "--filter", filter]);
    const ids = listed.split("\n").filter((id) => id !== "");
    if (ids.length === 0) return [];
    return parseInspect(await runOrThrow(this.#exec, [this.name, "inspect", ...ids]));
  }

  /**
   * Makes sure that an image is on this host; one that is already loaded is taken as it is, so that a host without the
   * Internet works.
   * @throws {StateError} when it is not and cannot be pulled.
   */
  async ensureImage(image: string): Promise<void> {
    if (await this.#hasImage(image)) return;
    this.#log(`pulling ${image} with ${this.name}`);
    const signal = AbortSignal.timeout(PULL_TIMEOUT_MS);
    await this.#exec.watch([this.name, "pull", image], {
      signal,
      onLine: (line) => this.#log(`${this.name} pull: ${line.trim()}`),
    });
    if (await this.#hasImage(image)) return;
    // What it said went by as progress; asking once more gives the reason.
    const again = await this.#exec.run([this.name, "pull", image], { timeoutMs: START_TIMEOUT_MS });
    if (again.code === 0) return;
    const why = new ExecError([this.name, "pull", image], again).message;
    throw new StateError(
      `${why}; without the Internet, load it first (${this.name} load -i FILE), or name one that is there with --frr-image`,
    );
  }

  /** Makes and starts a container in the host's network. */
  async run(recipe: ContainerRecipe): Promise<void> {
    await runOrThrow(this.#exec, [
      this.name,
      "run",
      "-d",
      "--name",
      recipe.name,
      "--label",
      `${NODE_LABEL}=${recipe.node}`,
      "--label",
      `${CONFIG_LABEL}=${recipe.config}`,
      "--net=host",
      "--restart",
      // Of containerd before 1.7, as Debian 12 has it, nerdctl gets no other policy.
      this.name === "nerdctl" ? "always" : "unless-stopped",
      ...recipe.options,
      recipe.image,
    ], { timeoutMs: START_TIMEOUT_MS });
  }

  /** Starts a container that is there and does not run. */
  async start(id: string): Promise<void> {
    await runOrThrow(this.#exec, [this.name, "start", id], { timeoutMs: START_TIMEOUT_MS });
  }

  /** Ends and deletes a container. */
  async remove(id: string): Promise<void> {
    await runOrThrow(this.#exec, [this.name, "rm", "-f", id], { timeoutMs: START_TIMEOUT_MS });
  }

  async #hasImage(image: string): Promise<boolean> {
    return (await this.#exec.run([this.name, "image", "inspect", image])).code === 0;
  }
}
