/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { openPage, signIn, startBrowser } from "../../test/see/browser.ts";
import { LAB_PASSWORD, Mesh } from "../../test/lab/mesh.ts";
import { World } from "../../test/lab/world.ts";
import { dashboardDoor } from "../../tools/demo/dashboard_door.ts";
import { progress } from "../figure.ts";

/**
 * Seconds from the first packet that one node of a real mesh loses to a peer, in silence, until the page says that the session
 * is down.
 */
export async function bgpDownSamples(count: number): Promise<number[]> {
  await using world = await World.create({ nodes: 3 });
  const mesh = await Mesh.start(world);
  await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
  await mesh.settle();
  await using door = await dashboardDoor(mesh);
  const browser = await startBrowser();
  try {
    const { page } = await openPage(browser);
    await page.goto(door.url);
    await signIn(page, LAB_PASSWORD);
    const samples: number[] = [];
    for (let i = 1; i <= count; i++) {
      samples.push(await loseOnce(mesh, page));
      progress(`on the page after ${samples.at(-1)!.toFixed(2)} s (${i} of ${count})`);
    }
    return samples;
  } finally {
    await browser.close();
  }
}

async function loseOnce(mesh: Mesh, page: Page): Promise<number> {
  const [first, second] = mesh.world.nodes;
  await shows(page, "are well");
  const { peers } = await mesh.status(first!);
  const endpoint = peers.find((peer) => peer.name === second!.name)!.endpoint!;
  const address = endpoint.replace(/:[0-9]+$/, "").replace(/^\[|\]$/g, "");
  // The frames go to nobody: the underlay drops packets in silence, in one direction.
  const neighbour = ["ip", "neigh", "replace", address, "lladdr", "02:00:00:00:00:99"];
  await first!.exec([...neighbour, "nud", "permanent", "dev", "eth0"]);
  const begin = performance.now();
  await shows(page, "not well");
  const took = (performance.now() - begin) / 1000;
  await first!.exec(["ip", "neigh", "del", address, "dev", "eth0"]);
  return took;
}

async function shows(page: Page, words: string): Promise<void> {
  await page.waitForFunction(
    (text) => document.querySelector(".verdict h1")?.textContent?.includes(text),
    words,
    { timeout: 60_000 },
  );
}
