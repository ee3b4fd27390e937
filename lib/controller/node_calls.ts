import type { Handlers } from "./call.ts";
import type { Context } from "./context.ts";
import { noteNoise } from "./context.ts";
import { Refusal } from "../model/refusal.ts";
import { insertAudit } from "../store/audit.ts";
import { enrol } from "../store/enrol.ts";
import { announceSecret, storeReport } from "../store/node_changes.ts";
import { draw } from "./draw.ts";
import { sha256Hex } from "./hash.ts";
import { seenAddress } from "./seen_address.ts";

/** The calls that agents make. */
export const nodeCalls: Pick<Handlers, "enrol" | "report" | "rotateSecret" | "feed" | "status"> = {
  async enrol({ body, caller, source, context }) {
    const { secret, ...request } = body;
    const call = {
      request,
      secretHash: await sha256Hex(secret),
      tokenHash: caller.tokenHash,
      seenAddress: seenAddress(source, { overlay: overlayOf(context) }),
      pools: context.pools,
      draw,
      now: context.now(),
      source,
    };
    try {
      const self = await context.database.write((tx) => enrol(tx, call));
      return { self, mesh: context.state.mesh };
    } catch (error) {
      if (error instanceof Refusal) {
        const detail = `enrolment refused: ${error.message}`;
        noteNoise(context, {
          source,
          actor: "unknown",
          action: "enrol.refused",
          subject: request.name,
          detail,
        });
      }
      throw error;
    }
  },

  async report({ body, caller, source, context }) {
    const { self, report, seenAddress: before } = caller.node;
    const seen = seenAddress(source, { overlay: overlayOf(context) });
    if (JSON.stringify(body) !== JSON.stringify(report) || seen !== before) {
      await context.database.write((tx) =>
        storeReport(tx, { number: self.number, report: body, seenAddress: seen })
      );
    }
    return { self, mesh: context.state.mesh };
  },

  async rotateSecret({ body, caller, source, context }) {
    const { number, name } = caller.node.self;
    const hash = await sha256Hex(body.secret);
    const entry = {
      at: context.now(),
      source,
      actor: `node ${name}`,
      action: "node.rotate",
      subject: name,
      detail: "",
    };
    await context.database.write(async (tx) => {
      await announceSecret(tx, { number, hash });
      await insertAudit(tx, entry);
    });
    return { done: true };
  },

  async feed({ query, caller, context }) {
    const body = await context.feed.next({ number: caller.node.self.number, since: query.since });
    return new Response(body, {
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
  },

  status({ body, caller, context }) {
    const { number, name } = caller.node.self;
    // Who it is was proven by the secret; what it says of that is not asked.
    const wantRoutes = context.board.told({ ...body, number, name });
    return Promise.resolve({ done: true, wantRoutes });
  },
};

/** An address of the overlay is no way to reach a node from outside of it. */
function overlayOf(context: Context): Context["trustedProxies"] {
  const { nodePools, tunnelPools } = context.state.mesh;
  return [...nodePools, ...tunnelPools];
}
