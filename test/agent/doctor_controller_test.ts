import assert from "node:assert/strict";
import { askController, DatedFetch } from "../../lib/agent/doctor_controller.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");
const SECRET = "0".repeat(64);

/** A controller whose clock is `behindS` seconds behind, and what it says of the node's secret. */
function asked(spec: { behindS?: number; feed?: () => Response; ready?: () => Response }) {
  const date = new Date(NOW - (spec.behindS ?? 0) * 1000).toUTCString();
  const json = (value: unknown) => new Response(JSON.stringify(value), { headers: { date } });
  const dated = new DatedFetch((input) => {
    if (input.endsWith("/readyz")) {
      return Promise.resolve(spec.ready?.() ?? json({ ok: true, waitingFor: [] }));
    }
    return Promise.resolve(
      spec.feed?.() ?? json({
        meshId: "m",
        revision: 1,
        full: true,
        peers: [],
        removed: [],
        mesh: { tunnelPools: [], nodePools: [] },
      }),
    );
  }, () => NOW);
  const client = new ControllerClient({
    urls: [parseControllerUrl("http://127.0.0.1:1")],
    credential: { kind: "none" },
    fetch: dated.fetch,
  });
  return { client, dated };
}

Deno.test("askController() finds a controller that answers and knows this node", async () => {
  const fact = await askController({ ...asked({}), secret: SECRET });
  assert.deepEqual([fact.unreachable, fact.refusal, fact.knowsNode], [undefined, undefined, true]);
  assert.ok(Math.abs(fact.clockAheadS!) <= 1, `${fact.clockAheadS}`);
});

Deno.test("askController() compares clocks by the answer's Date, to a second", async () => {
  for (const behindS of [-86_400, -30, 30, 86_400]) {
    const { clockAheadS } = await askController({ ...asked({ behindS }), secret: undefined });
    assert.ok(Math.abs(clockAheadS! - behindS) <= 1, `${behindS} read as ${clockAheadS}`);
  }
});

Deno.test("askController() says what the controller has against this node", async () => {
  const body = {
    type: "about:blank",
    title: "gone",
    status: 410,
    detail: "node1 was removed",
    code: "node_removed",
  };
  const feed = () => new Response(JSON.stringify(body), { status: 410 });
  const fact = await askController({ ...asked({ feed }), secret: SECRET });
  assert.match(fact.refusal ?? "", /node1 was removed/);
  assert.deepEqual([fact.unreachable, fact.knowsNode], [undefined, false]);
});

Deno.test("askController() says why there is no answer, or no answer of a controller", async () => {
  const refused = asked({
    ready: () => {
      throw new TypeError("tcp connect error: Connection refused");
    },
  });
  assert.match(
    (await askController({ ...refused, secret: SECRET })).unreachable ?? "",
    /Connection refused/,
  );
  const web = asked({ ready: () => new Response("<html>", { status: 200 }) });
  assert.match(
    (await askController({ ...web, secret: SECRET })).unreachable ?? "",
    /not what a controller sends/,
  );
});
