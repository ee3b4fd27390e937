/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { openPage, signIn, startBrowser } from "../../test/see/browser.ts";
import { progress } from "../figure.ts";
import { PASSWORD, withSimulatedMesh } from "./simulated_controller.ts";

/** Times from the start of the navigation, milliseconds. */
export interface Paint {
  /** The browser's own: something was on the screen. */
  readonly contentMs: number;
  /** The picture of the mesh was on the screen. */
  readonly meshMs: number;
}

/** Opens the dashboard of 500 nodes again and again, with an empty cache, as somebody who is signed in. */
export async function firstPaintSamples(count: number): Promise<Paint[]> {
  const samples: Paint[] = [];
  await withSimulatedMesh({ count: 500, peers: 499 }, async (controller, mesh) => {
    const browser = await startBrowser();
    try {
      const { page } = await openPage(browser, { width: 1600, height: 1000 });
      await page.goto(controller.url("/"));
      await signIn(page, PASSWORD);
      await page.waitForSelector(".picture .dot");
      const session = await page.context().newCDPSession(page);
      for (let i = 1; i <= count; i++) {
        await mesh.tellAll({ peers: 499 });
        await session.send("Network.clearBrowserCache");
        await page.goto("about:blank");
        await page.goto(controller.url("/"));
        samples.push(await paintOf(page));
        progress(`mesh painted after ${Math.round(samples.at(-1)!.meshMs)} ms (${i} of ${count})`);
      }
    } finally {
      await browser.close();
    }
  });
  return samples;
}

async function paintOf(page: Page): Promise<Paint> {
  await page.waitForFunction(() => performance.getEntriesByName("mesh-painted").length > 0);
  return await page.evaluate(() => ({
    contentMs: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    meshMs: performance.getEntriesByName("mesh-painted")[0]?.startTime ?? NaN,
  }));
}
