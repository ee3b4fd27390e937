import assert from "node:assert/strict";
import { type RouteName, ROUTES } from "../../lib/model/routes.ts";
import { withController } from "../see/with_controller.ts";
import { reportOf } from "../store/with_database.ts";

const CREDENTIALS = [
  "none",
  "malformed",
  "token",
  "once",
  "node",
  "removed",
  "admin",
  "wrong",
] as const;
type Shown = typeof CREDENTIALS[number];

/**
 * What every endpoint answers to every credential, with a body that is right. `once` is a spent once-token; `wrong` a bearer
 * of 64 zeros where a bearer is wanted, a wrong password where the password is.
 */
const TABLE: Record<RouteName, Record<Shown, number>> = {
  enrol: row({
    none: 401,
    malformed: 401,
    token: 200,
    once: 401,
    node: 401,
    removed: 401,
    admin: 401,
    wrong: 401,
  }),
  report: row({
    none: 401,
    malformed: 401,
    token: 401,
    once: 401,
    node: 200,
    removed: 410,
    admin: 401,
    wrong: 401,
  }),
  rotateSecret: row({
    none: 401,
    malformed: 401,
    token: 401,
    once: 401,
    node: 200,
    removed: 410,
    admin: 401,
    wrong: 401,
  }),
  feed: row({
    none: 401,
    malformed: 401,
    token: 401,
    once: 401,
    node: 200,
    removed: 410,
    admin: 401,
    wrong: 401,
  }),
  status: row({
    none: 401,
    malformed: 401,
    token: 401,
    once: 401,
    node: 200,
    removed: 410,
    admin: 401,
    wrong: 401,
  }),
  nodes: adminRow(200),
  node: adminRow(200),
  addNode: adminRow(200),
  setNode: adminRow(200),
  removeNode: adminRow(200),
  resetNode: adminRow(200),
  rotateNode: adminRow(200),
  createToken: adminRow(200),
  tokens: adminRow(200),
  routes: adminRow(200),
  decideRoute: adminRow(200),
  revokeToken: adminRow(200),
  audit: adminRow(200),
  healthz: openRow(200),
  readyz: openRow(200),
};

function row(answers: Record<Shown, number>): Record<Shown, number> {
  return answers;
}

function adminRow(admin: number): Record<Shown, number> {
  return row({
    none: 401,
    malformed: 401,
    token: 401,
    once: 401,
    node: 401,
    removed: 401,
    admin,
    wrong: 401,
  });
}

function openRow(status: number): Record<Shown, number> {
  return Object.fromEntries(CREDENTIALS.map((shown) => [shown, status])) as Record<Shown, number>;
}

function bodyOf(name: RouteName, unique: number): unknown {
  const report = reportOf();
  const secret = crypto.getRandomValues(new Uint8Array(32)).toHex();
  switch (name) {
    case "enrol":
      return { name: `new${unique}`, secret, report };
    case "report":
      return report;
    case "rotateSecret":
      return { secret };
    case "status":
      return {
        name: "n1",
        number: 1,
        version: "0",
        at: "2026-01-01T00:00:00Z",
        parts: {},
        peers: [],
        reconcile: { at: "2026-01-01T00:00:00Z", tookMs: 1, done: 0, failed: [] },
      };
    case "addNode":
      return { name: `reserved${unique}` };
    case "setNode":
      return {};
    case "createToken":
      return {};
    case "decideRoute":
      return { prefix: "10.70.0.0/16", verdict: "approved" };
    default:
      return undefined;
  }
}

for (const name of Object.keys(TABLE) as RouteName[]) {
  const route = ROUTES[name];
  Deno.test(`${route.method} ${route.path} answers each credential as the table says`, () =>
    withController(async ({ mesh, send }) => {
      const token =
        (await mesh.admin("POST", { path: "/v1/tokens", body: {} }) as { token: string }).token;
      const enrol = async (node: string, bearer: string) => {
        const secret = crypto.getRandomValues(new Uint8Array(32)).toHex();
        const body = JSON.stringify({ name: node, secret, report: reportOf() });
        const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
        assert.equal((await send("/v1/enrol", { method: "POST", headers, body })).status, 200);
        return secret;
      };
      const node = await enrol("n1", token);
      const removed = await enrol("gone", token);
      await mesh.admin("DELETE", { path: "/v1/nodes/gone" });
      const once = (await mesh.admin("POST", { path: "/v1/tokens", body: { once: true } }) as {
        token: string;
      }).token;
      await enrol("n2", once);
      const wrong = route.credential === "admin"
        ? `Basic ${btoa("admin:wrong")}`
        : `Bearer ${"0".repeat(64)}`;
      const headerOf: Record<Shown, string | undefined> = {
        none: undefined,
        malformed: "Digest x",
        token: `Bearer ${token}`,
        once: `Bearer ${once}`,
        node: `Bearer ${node}`,
        removed: `Bearer ${removed}`,
        admin: `Basic ${btoa("admin:correct horse")}`,
        wrong,
      };
      const answers: Partial<Record<Shown, number>> = {};
      for (const [i, shown] of CREDENTIALS.entries()) {
        const header = headerOf[shown];
        const body = bodyOf(name, i);
        const response = await send(route.path.replace("{name}", "n1").replace("{id}", "1"), {
          method: route.method,
          headers: {
            ...(header === undefined ? {} : { authorization: header }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        answers[shown] = response.status;
        if (response.status >= 400) {
          assert.equal(response.headers.get("content-type"), "application/problem+json");
          const { code, status, detail } = await response.json();
          assert.equal(status, response.status);
          assert.match(code, /^[a-z_]+$/);
          for (const secret of [token, once, node, removed, "correct horse"]) {
            assert.ok(!detail.includes(secret));
          }
        } else await response.body?.cancel();
      }
      assert.deepEqual(answers, TABLE[name]);
    }));
}

Deno.test("the table has a row for every endpoint", () => {
  assert.deepEqual(Object.keys(TABLE).sort(), Object.keys(ROUTES).sort());
});
