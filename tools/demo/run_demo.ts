import { messageOf } from "../../lib/model/errors.ts";
import type { LabHost } from "../../test/lab/lab_host.ts";
import { LAB_PASSWORD, Mesh } from "../../test/lab/mesh.ts";
import { World } from "../../test/lab/world.ts";
import { dashboardDoor } from "./dashboard_door.ts";
import { guestStory } from "./guest_story.ts";
import { interrupted } from "./interrupted.ts";
import { lookAround } from "./look_around.ts";
import { meshTables } from "./mesh_tables.ts";
import type { DemoOptions } from "./options.ts";
import { complaintsOf, meshFacts, type NodeFacts } from "./pair_facts.ts";
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
  const mesh = makeMesh(world, options, output);
  const story = tellStory(mesh, output).catch((error) => {
    output.print(`The demo failed: ${messageOf(error)}`);
    return 1;
  });
  const code = await Promise.race([story, stop]);
  if (code === 0 && !options.check) await stayUp(mesh, { stop, output });
  output.say("removing everything");
  return code === "interrupted" ? 130 : code;
}

async function stayUp(
  mesh: Mesh,
  { stop, output }: { readonly stop: Promise<unknown>; readonly output: DemoOutput },
): Promise<void> {
  await using door = await dashboardDoor(mesh);
  output.print(
    `The dashboard, in a browser on this machine: ${door.url} (password: ${LAB_PASSWORD})`,
  );
  output.print("\nThe mesh stays up until Ctrl-C.");
  await stop;
}

function makeMesh(world: World, options: DemoOptions, { print }: DemoOutput): Mesh {
  const onLine = (who: string, line: string) =>
    options.verbose ? print(`    ${who}: ${line}`) : undefined;
  return new Mesh(world, { agentArgs: ["--tunnel", "auto", "--wg", "auto"], onLine });
}

async function tellStory(mesh: Mesh, output: DemoOutput): Promise<number> {
  const { say } = output;
  await startMesh(mesh, output);
  const started = performance.now();
  const addresses = await mesh.settle();
  const took = ((performance.now() - started) / 1000).toFixed(1);
  say(
    `every node pings every other by its node address, ${took} s after the last agent was started`,
  );
  const [watcher, ...others] = mesh.world.nodes as [LabHost, ...LabHost[]];
  say(`the way taken: ${await waysTaken(watcher)}`);
  const [second, first] = others.slice(-2) as [LabHost, LabHost];
  const watcherAddress = addresses.get(watcher.name)!.v4;
  await guestStory({ mesh, watcher, watcherAddress, first, second, ...output });
  say("measuring every pair");
  const nodes = await meshFacts(mesh, addresses);
  await showMesh(mesh, { nodes, output });
  return nodes.flatMap((node) => node.pairs).some((pair) => complaintsOf(pair).length > 0) ? 1 : 0;
}

async function showMesh(
  mesh: Mesh,
  { nodes, output: { print } }: {
    readonly nodes: readonly NodeFacts[];
    readonly output: DemoOutput;
  },
): Promise<void> {
  const watcher = mesh.world.nodes[0]!;
  const routes = await watcher.exec(["ip", "route"]);
  const lines = [
    "",
    ...meshTables(nodes),
    `\nRoutes of ${watcher.name} (ip route):`,
    ...routes.trimEnd().split("\n").map((line) => `    ${line.trim()}`),
    "",
    ...lookAround(mesh, watcher),
    "",
  ];
  lines.forEach(print);
  const complaints = nodes.flatMap((node) => node.pairs).flatMap(complaintsOf);
  complaints.forEach((complaint) => print(`NOT WELL: ${complaint}`));
  if (complaints.length > 0) return;
  const pairs = nodes.length * (nodes.length - 1);
  print(`Checked ${pairs} directions between ${nodes.length} nodes and the VM's move: all well.`);
}

async function startMesh(mesh: Mesh, { say }: DemoOutput): Promise<void> {
  say(`controller: meshover ${mesh.controllerArgs.join(" ")}`);
  await mesh.startController();
  say("controller: meshover token gen");
  await mesh.token();
  const [first, ...others] = mesh.world.nodes;
  say(`${first!.name}: meshover ${mesh.agentArgs(first!).join(" ")}`);
  say(`${others.map((host) => host.name).join(", ")}: the same with their names`);
  await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
}
