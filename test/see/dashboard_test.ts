/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { RoutesAnswer } from "../../lib/model/routes_api.ts";
import { hasText, LOOSE, openPage, signIn } from "./browser.ts";
import { ChildController } from "./child_controller.ts";
import { announcing, hasAllWell, onStage, PASSWORD, signedIn } from "./dashboard_stage.ts";
import { whileTelling } from "./while_telling.ts";

Deno.test("the dashboard lets in with the right password only", LOOSE, async () => {
  await onStage(async (stage) => {
    const { page, context, complaints } = await openPage(stage.browser);
    await page.goto(stage.controller.url("/"));
    await signIn(page, "guess");
    await hasText(page, "#trouble", "The admin password is wrong.");
    assert.deepEqual(await context.cookies(), []);
    await signIn(page, PASSWORD);
    await hasAllWell(stage, page);
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
      await hasAllWell(stage, page);
    });
  },
);

Deno.test(
  "a session that goes down is on the page without reloading",
  LOOSE,
  async () => {
    await onStage(async (stage) => {
      const { page, complaints } = await signedIn(stage);
      await hasAllWell(stage, page);
      const { mesh } = stage;
      const [a, b, c] = [mesh.node("tokyo"), mesh.node("osaka"), mesh.node("sapporo")];
      const change = { bgpDown: [b.self.number] };
      const tell = () => Promise.all([mesh.tell(a, change), mesh.tell(b), mesh.tell(c)]);
      const begin = performance.now();
      await whileTelling(tell, async () => {
        await hasText(page, ".faults", "BGP down");
        // Without a word of the change the page would begin anew after 25 s, and show it then.
        assert.ok(performance.now() - begin < 20_000);
        await hasText(page, ".verdict h1", "1 link is not well");
        await hasText(page, ".events", "tokyo – osaka: BGP down (Active)");
      });
      await hasAllWell(stage, page);
      await mesh.enrol(["nagoya"]);
      await hasText(page, ".nodes", "nagoya");
      assert.deepEqual(complaints, []);
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
    await hasAllWell(stage, page);
  });
});

Deno.test("the picture and the table are worked with by keyboard", LOOSE, async () => {
  await onStage(async (stage) => {
    const { page } = await signedIn(stage);
    await whileTelling(() => stage.mesh.tellAll(), async () => {
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
});

const WAITING = "#waiting ~ .scroll tbody";
const DECIDED = "#decided ~ .scroll tbody";

Deno.test("routes that wait are approved and denied, by mouse and by keyboard", LOOSE, async () => {
  await onStage(async (stage) => {
    const { mesh } = stage;
    const [a, b, c] = [mesh.node("tokyo"), mesh.node("osaka"), mesh.node("sapporo")];
    const routes = announcing(b.self.number, "10.70.1.0/24", "10.70.2.0/24", "10.70.3.0/24");
    const tell = () => Promise.all([mesh.tell(a, { routes }), mesh.tell(b), mesh.tell(c)]);
    await whileTelling(tell, async () => {
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
    });
  }, ["--route-policy", "approve"]);
});
