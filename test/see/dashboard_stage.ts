import type { Browser, Page } from "playwright-core";
import type { NodeRoutes } from "../../lib/model/node_routes.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { hasText, openPage, signIn, startBrowser } from "./browser.ts";
import { ChildController } from "./child_controller.ts";
import { SimulatedMesh } from "./simulated_mesh.ts";
import { whileTelling } from "./while_telling.ts";

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
  await opened.page.waitForSelector(".verdict h1");
  return opened;
}

/** All nodes tell that they are well, until the page says so. */
export function hasAllWell({ mesh }: Stage, page: Page): Promise<unknown> {
  return whileTelling(
    () => mesh.tellAll(),
    () => hasText(page, ".verdict h1", "All 3 nodes are well"),
  );
}

/** Routes that the controller is told of a node, besides its own address. */
export function announcing(
  from: number,
  ...prefixes: string[]
): { revision: string; routes: NodeRoutes } {
  const announced = prefixes.map(parsePrefix);
  const refused = [{
    prefix: parsePrefix("10.128.0.9/32"),
    from: [from],
    origin: null,
    why: "the address of osaka",
  }];
  const counts = { announcedCount: announced.length, acceptedCount: 0, refusedCount: 1 };
  return {
    revision: prefixes.join(),
    routes: { announced, accepted: [], refused, ...counts },
  };
}
