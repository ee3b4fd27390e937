import { messageOf } from "../../lib/model/errors.ts";
import { Mesh } from "../../test/lab/mesh.ts";
import { World } from "../../test/lab/world.ts";
import { guestStory } from "./guest_story.ts";
import { interrupted } from "./interrupted.ts";
import { lookAround } from "./look_around.ts";
import { meshTables } from "./mesh_tables.ts";
import type { DemoOptions } from "./options.ts";
import { complaintsOf, nodeFacts } from "./pair_facts.ts";
import { waysTaken } from "./ways_taken.ts";

/** Where the demo writes. */
export interface DemoOutput {
  /** Progress: one line with the time since the start. */
  readonly say: (line: string) => void;
  /** Results. */
  readonly print: (line: string) => void;
}

/** Builds the overlay, shows it, and takes it away. Returns the exit code. */
export async function runDemo(options: DemoOptions, output: DemoOutput): Promise<number> {
  const stop = interrupted();
  output.say(`making ${options.nodes} nodes and a controller on one underlay, all in namespaces`);
  await using world = await World.create({ nodes: options.nodes });
  const story = tellStory(world, options, output).catch((error) => {
    output.print(`The demo failed: ${messageOf(error)}`);
    return 1;
  });
  let code = await Promise.race([story, stop]);
  if (code === 0 && !options.check) {
    output.print("\nThe mesh stays up until Ctrl-C.");
    await stop;
  } else if (code === "interrupted") code = 130;
  output.say("removing everything");
  return code as number;
}

async function tellStory(world: World, options: DemoOptions, output: DemoOutput): Promise<number> {
  const { say, print } = output;
  const mesh = await buildMesh(world, options, output);
  const started = performance.now();
  const addresses = await mesh.settle();
  const took = ((performance.now() - started) / 1000).toFixed(1);
  say(
    `every node pings every other by its node address, ${took} s after the last agent was started`,
  );
  const [watcher, ...others] = world.nodes;
  say(`the way taken: ${await waysTaken(watcher!)}`);
  const [second, first] = others.slice(-2);
  const watcherAddress = addresses.get(watcher!.name)!.v4;
  await guestStory({
    mesh,
    watcher: watcher!,
    watcherAddress,
    first: first!,
    second: second!,
    say,
    print,
  });
  say("measuring every pair");
  const nodes = await Promise.all(world.nodes.map((host) => nodeFacts(mesh, host, addresses)));
  print("");
  meshTables(nodes).forEach(print);
  print(`\nRoutes of ${watcher!.name} (ip route):`);
  const routes = await watcher!.exec(["ip", "route"]);
  routes.trimEnd().split("\n").forEach((line) => print(`    ${line.trim()}`));
  print("");
  lookAround(mesh, watcher!).forEach(print);
  const complaints = nodes.flatMap((node) => node.pairs).flatMap(complaintsOf);
  complaints.forEach((complaint) => print(`NOT WELL: ${complaint}`));
  const pairs = nodes.length * (nodes.length - 1);
  if (complaints.length === 0) {
    print(
      `\nChecked ${pairs} directions between ${nodes.length} nodes and the VM's move: all well.`,
    );
  }
  return complaints.length === 0 ? 0 : 1;
}

async function buildMesh(
  world: World,
  options: DemoOptions,
  { say, print }: DemoOutput,
): Promise<Mesh> {
  const onLine = (who: string, line: string) =>
    options.verbose ? print(`    ${who}: ${line}`) : undefined;
  const mesh = new Mesh(world, { agentArgs: ["--tunnel", "auto", "--wg", "auto"], onLine });
  say(`controller: meshover ${mesh.controllerArgs.join(" ")}`);
  await mesh.startController();
  say("controller: meshover token gen");
  await mesh.token();
  const [first, ...others] = world.nodes;
  say(`${first!.name}: meshover ${mesh.agentArgs(first!).join(" ")}`);
  say(`${others.map((host) => host.name).join(", ")}: the same with their names`);
  await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
  return mesh;
}
