/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { RoutesAnswer } from "../../lib/model/routes_api.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { openPage, signIn } from "./browser.ts";
import { ChildController } from "./child_controller.ts";
import { onStage, PASSWORD, signedIn } from "./dashboard_stage.ts";

/** The browser's pipes stay open a moment longer than the browser. */
const LOOSE = { sanitizeOps: false, sanitizeResources: false } as const;

function hasText(page: Page, selector: string, text: string): Promise<unknown> {
  return page.waitForFunction(
    ([s, t]) => document.querySelector(s!)?.textContent?.includes(t!),
    [selector, text],
    { timeout: 90_000 },
  );
}

Deno.test("the dashboard lets in with the right password only", LOOSE, async () => {
  await onStage(async (stage) => {
    const { page, context, complaints } = await openPage(stage.browser);
    await page.goto(stage.controller.url("/"));
    await signIn(page, "guess");
    await hasText(page, "#trouble", "The admin password is wrong.");
    assert.deepEqual(await context.cookies(), []);
    await signIn(page, PASSWORD);
    await hasText(page, ".verdict h1", "All 3 nodes are well");
    const [cookie] = await context.cookies();
    assert.equal(cookie?.httpOnly, true);
    assert.equal(cookie?.sameSite, "Strict");
    await page.click("text=Sign out");
    await page.waitForSelector("#password");
    await page.reload();
    await page.waitForSelector("#password");
    assert.deepEqual(complaints, []);
  });
});

Deno.test(
  "an answer to nobody that comes late does not take what is being typed",
  LOOSE,
  async () => {
    await onStage(async (stage) => {
      const { page } = await openPage(stage.browser);
      let answer = (): void => {};
      const typed = new Promise<void>((resolve) => answer = resolve);
      await page.route("**/v1/routes", async (route) => {
        const late = await route.fetch();
        await typed;
        await route.fulfill({ response: late });
      }, { times: 1 });
      await page.goto(stage.controller.url("/"));
      await page.fill("#password", PASSWORD);
      const answered = page.waitForResponse("**/v1/routes");
      answer();
      assert.equal((await answered).status(), 401);
      // Long enough for the page to ask who is signed in, had it wanted to.
      await page.evaluate(() => fetch("/ui/live", { headers: { "x-meshover-dashboard": "1" } }));
      assert.equal(await page.inputValue("#password"), PASSWORD);
      await page.click("button[type=submit]");
      await hasText(page, ".verdict h1", "All 3 nodes are well");
    });
  },
);

Deno.test(
  "a session that goes down is on the page within 3 s, without reloading",
  LOOSE,
  async () => {
    await onStage(async (stage) => {
      const { page, complaints } = await signedIn(stage);
      await hasText(page, ".verdict h1", "All 3 nodes are well");
      const [a, b] = [stage.mesh.node("tokyo"), stage.mesh.node("osaka")];
      const begin = performance.now();
      await stage.mesh.tell(a, { bgpDown: [b.self.number] });
      await hasText(page, ".faults", "BGP down");
      assert.ok(performance.now() - begin < 3_000);
      await hasText(page, ".verdict h1", "1 link is not well");
      await hasText(page, ".events", "tokyo – osaka: BGP down (Active)");
      await stage.mesh.tell(a);
      await hasText(page, ".verdict h1", "All 3 nodes are well");
      await stage.mesh.enrol(["nagoya"]);
      await hasText(page, ".nodes", "nagoya");
      assert.deepEqual(complaints, []);
    });
  },
);

Deno.test(
  "a node that falls silent is called so, and heard again when it tells",
  LOOSE,
  async () => {
    await onStage(async (stage) => {
      const { page } = await signedIn(stage);
      const others = [stage.mesh.node("tokyo"), stage.mesh.node("sapporo")];
      const telling = setInterval(
        () => others.forEach((node) => void stage.mesh.tell(node)),
        5_000,
      );
      try {
        await page.waitForFunction(
          () => document.querySelector(".verdict h1")?.textContent?.includes("osaka is silent"),
          undefined,
          { timeout: 60_000 },
        );
      } finally {
        clearInterval(telling);
      }
      await stage.mesh.tellAll();
      await hasText(page, ".verdict h1", "All 3 nodes are well");
      await hasText(page, ".events", "osaka is heard again");
    });
  },
);

Deno.test("a token is made, used and revoked", LOOSE, async () => {
  await onStage(async (stage) => {
    const { page, complaints } = await signedIn(stage);
    await page.click("nav >> text=Tokens");
    await page.fill("#note", "rack 3");
    await page.click("text=Make token");
    const command = await page.inputValue("#command");
    const token = / --agenttoken ([0-9a-f]{64})$/.exec(command)?.[1];
    assert.ok(token !== undefined, command);
    assert.ok(
      command.startsWith(`sudo meshover agent --controlserver ${stage.controller.url("")}`),
    );
    await page.waitForSelector("svg.qr path");
    await stage.mesh.enrolWith(token, "kyoto");
    await hasText(page, "#all-tokens ~ .scroll tbody tr", "1 ×");
    await page.click("[aria-label='Revoke token 2']");
    await page.click("dialog button.main");
    await hasText(page, "#all-tokens ~ .scroll tbody tr", "revoked");
    await assert.rejects(stage.mesh.enrolWith(token, "kobe"), /revoked/);
    assert.deepEqual(complaints, []);
  });
});

Deno.test("the page outlives a restart of the controller, and stays signed in", LOOSE, async () => {
  await onStage(async (stage) => {
    const { page } = await signedIn(stage);
    const { port } = stage.controller;
    await stage.controller.stop();
    await hasText(page, ".banner", "The controller does not answer");
    const { folder } = stage;
    stage.controller = await ChildController.start({ folder, password: PASSWORD, port });
    await hasText(page, ".verdict h1", "Waiting for the nodes to tell");
    await stage.mesh.tellAll();
    await hasText(page, ".verdict h1", "All 3 nodes are well");
  });
});

Deno.test("the picture and the table are worked with by keyboard", LOOSE, async () => {
  await onStage(async (stage) => {
    const { page } = await signedIn(stage);
    await page.focus(".dot[tabindex='0']");
    const first = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await page.keyboard.press("ArrowRight");
    const second = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.notEqual(first, second);
    assert.match(second ?? "", /: well$/);
    await page.keyboard.press("Enter");
    await hasText(page, "h1", second!.split(":")[0]!);
    await page.goBack();
    await page.focus("th:nth-child(2) button");
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("th:nth-child(2)", "aria-sort"), "ascending");
    const names = await page.locator("tbody td:nth-child(2)").allTextContents();
    assert.deepEqual(names, ["osaka", "sapporo", "tokyo"]);
    await page.fill("#filter", "sap");
    await hasText(page, ".nodes [role=status]", "1 of 3 nodes");
  });
});

/** Routes that the controller is told of a node, besides its own address. */
function announcing(from: number, ...prefixes: string[]) {
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

const WAITING = "#waiting ~ .scroll tbody";
const DECIDED = "#decided ~ .scroll tbody";

Deno.test("routes that wait are approved and denied, by mouse and by keyboard", LOOSE, async () => {
  await onStage(async (stage) => {
    const { mesh } = stage;
    const osaka = mesh.node("osaka").self.number;
    const routes = announcing(osaka, "10.70.1.0/24", "10.70.2.0/24", "10.70.3.0/24");
    await mesh.tell(mesh.node("tokyo"), { routes });
    const { page, complaints } = await signedIn(stage);
    await hasText(page, "nav .badge", "3 routes wait");
    await page.click("nav >> text=Routes");
    await hasText(page, WAITING, "10.70.3.0/24");
    await page.click("[aria-label='Approve 10.70.1.0/24 of tokyo']");
    await hasText(page, ".routes-page [role=status]", "Approved 10.70.1.0/24");
    await hasText(page, DECIDED, "10.70.1.0/24");
    await page.waitForSelector("[aria-label='Approve 10.70.1.0/24 of tokyo']", {
      state: "detached",
    });
    // From the heading, where the focus is now: the table, the node's name, Approve, Deny.
    for (let i = 0; i < 4; i++) await page.keyboard.press("Tab");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.equal(await focused(), "Deny 10.70.2.0/24 of tokyo");
    await page.keyboard.press("Enter");
    await hasText(page, ".routes-page [role=status]", "Denied 10.70.2.0/24 of tokyo");
    await hasText(page, "#waiting", "1 route");
    await page.click("[aria-label='Take back what was decided on 10.70.2.0/24 of tokyo']");
    await hasText(page, "#waiting", "2 routes");
    await hasText(page, "#decided", "1 prefix");
    await page.click("[aria-label='Approve 10.70.2.0/24 of tokyo']");
    await page.click("[aria-label='Approve 10.70.3.0/24 of tokyo']");
    await hasText(page, ".routes-page", "None.");
    assert.deepEqual(complaints, []);
    const { decisions } = await mesh.admin("GET", { path: "/v1/routes" }) as RoutesAnswer;
    assert.deepEqual(decisions.map((one) => `${one.prefix} ${one.node} ${one.verdict}`), [
      "10.70.1.0/24 tokyo approved",
      "10.70.2.0/24 tokyo approved",
      "10.70.3.0/24 tokyo approved",
    ]);
    await page.evaluate(() => void (location.hash = "#/node/tokyo"));
    await hasText(page, "[aria-labelledby=refused]", "10.128.0.9/32 from osaka: the address of");
  }, ["--route-policy", "approve"]);
});

Deno.test("axe finds nothing on any page, narrow and wide, light and dark", LOOSE, async () => {
  await onStage(async (stage) => {
    const [a, b] = [stage.mesh.node("tokyo"), stage.mesh.node("osaka")];
    const routes = announcing(b.self.number, "10.70.1.0/24", "10.70.2.0/24");
    await stage.mesh.tell(a, { bgpDown: [b.self.number], failed: ["add a link"], routes });
    const decision = { prefix: "10.70.2.0/24", node: "tokyo", verdict: "approved" };
    await stage.mesh.admin("POST", { path: "/v1/routes", body: decision });
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
