import { Mesh } from "../test/lab/mesh.ts";
import { World } from "../test/lab/world.ts";

/**
 * Seconds from starting the third agent until it and both others ping each other by node address, each time in a new
 * world.
 */
export async function joinSamples(
  count: number,
  say: (line: string) => void,
): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 1; i <= count; i++) {
    samples.push(await joinOnce());
    say(`third agent joined in ${samples.at(-1)!.toFixed(2)} s (${i} of ${count})`);
  }
  return samples;
}

async function joinOnce(): Promise<number> {
  await using world = await World.create({ nodes: 3 });
  const mesh = await Mesh.start(world);
  const [first, second, third] = world.nodes;
  await Promise.all([first!, second!].map((host) => mesh.startAgent(host)));
  await mesh.settle([first!, second!]);
  const started = performance.now();
  await mesh.startAgent(third!);
  await mesh.settle();
  return (performance.now() - started) / 1000;
}
