/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { LOOSE, openPage, signIn } from "./browser.ts";
import { announcing, onStage, PASSWORD } from "./dashboard_stage.ts";
import { whileTelling } from "./while_telling.ts";

Deno.test("axe finds nothing on any page, narrow and wide, light and dark", LOOSE, async () => {
  await onStage(async (stage) => {
    const { mesh } = stage;
    const [a, b, c] = [mesh.node("tokyo"), mesh.node("osaka"), mesh.node("sapporo")];
    const routes = announcing(b.self.number, "10.70.1.0/24", "10.70.2.0/24");
    const change = { bgpDown: [b.self.number], failed: ["add a link"], routes };
    const tell = () => Promise.all([mesh.tell(a, change), mesh.tell(b), mesh.tell(c)]);
    await whileTelling(tell, async () => {
      const decision = { prefix: "10.70.2.0/24", node: "tokyo", verdict: "approved" };
      await mesh.admin("POST", { path: "/v1/routes", body: decision });
      for (const look of [{ width: 400 }, { width: 1600, dark: true }]) {
        const { page } = await openPage(stage.browser, look);
        await page.goto(stage.controller.url("/"));
        await page.waitForSelector("#password");
        assert.deepEqual(await violations(page), []);
        await signIn(page, PASSWORD);
        for (const [hash, there] of PAGES) {
          await page.evaluate((h) => void (location.hash = h!), hash);
          await page.waitForSelector(there!);
          assert.deepEqual(await violations(page), [], `${hash} at ${look.width}`);
          const wider = await page.evaluate(() =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth
          );
          assert.equal(wider, 0, `${hash} scrolls sideways at ${look.width}`);
        }
      }
    });
  }, ["--route-policy", "approve"]);
});

const PAGES = [
  ["#/", ".verdict h1"],
  ["#/node/tokyo", "#peers"],
  ["#/routes", "#waiting ~ .scroll"],
  ["#/tokens", "#all-tokens"],
  ["#/log", "#audit ~ .scroll"],
] as const;

async function violations(page: Page): Promise<string[]> {
  // Run by the debugger, which the page's own policy does not bind.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<Result> } };
    interface Result {
      passes: unknown[];
      violations: { id: string; nodes: { html: string }[] }[];
    }
    const { passes, violations } = await axe.run();
    if (passes.length < 10) return ["axe hardly looked"];
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`);
  });
}
