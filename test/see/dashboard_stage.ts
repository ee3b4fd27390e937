import type { Browser } from "playwright-core";
import { openPage, signIn, startBrowser } from "./browser.ts";
import { ChildController } from "./child_controller.ts";
import { SimulatedMesh } from "./simulated_mesh.ts";

/** Admin password of the controller. */
export const PASSWORD = "bench";

/** A controller with three nodes that tell their status, and a browser. */
export interface Stage {
  readonly browser: Browser;
  readonly folder: string;
  controller: ChildController;
  readonly mesh: SimulatedMesh;
}

/** Runs `task` with a controller, three nodes and a browser. */
export async function onStage(
  task: (stage: Stage) => Promise<void>,
  args: readonly string[] = [],
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-dashboard-" });
  const browser = await startBrowser();
  const stage = {
    browser,
    folder,
    controller: await ChildController.start({ folder, password: PASSWORD, args }),
  };
  const mesh = new SimulatedMesh({
    password: PASSWORD,
    send: (path, init) => fetch(stage.controller.url(path), init),
  });
  try {
    await mesh.enrol(["tokyo", "osaka", "sapporo"]);
    await mesh.tellAll();
    await task(Object.assign(stage, { mesh }));
  } finally {
    await browser.close();
    await stage.controller.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens the page and signs in. */
export async function signedIn(
  stage: Stage,
  look: Parameters<typeof openPage>[1] = {},
): ReturnType<typeof openPage> {
  const opened = await openPage(stage.browser, look);
  await opened.page.goto(stage.controller.url("/"));
  await signIn(opened.page, PASSWORD);
  // The page begins anew by itself after 25 s without a word; on a busy machine that may be needed.
  await opened.page.waitForSelector(".verdict h1", { timeout: 90_000 });
  return opened;
}
