import { BULKY } from "./bulk.ts";
import type { Handlers } from "./call.ts";
import type { Context } from "./context.ts";
import { noteNoise } from "./context.ts";
import { Refusal } from "../model/refusal.ts";
import { insertAudit } from "../store/audit.ts";
import { enrol } from "../store/enrol.ts";
import { storeReport } from "../store/node_changes.ts";
import { announceSecret } from "../store/rotate_secret.ts";
import { draw } from "./draw.ts";
import { sha256Hex } from "./hash.ts";
import { assignmentOf, tellsNothingNew } from "./kept_node.ts";
import { seenAddress } from "./seen_address.ts";

/** The calls that agents make. */
export const nodeCalls: Pick<Handlers, "enrol" | "report" | "rotateSecret" | "feed" | "status"> = {
  async enrol({ body, caller, source, context }) {
    const { secret, ...request } = body;
    const call = {
      request,
      secretHash: sha256Hex(secret),
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
    const { node } = caller;
    const told = {
      report: body,
      seenAddress: seenAddress(source, { overlay: overlayOf(context) }),
    };
    if (!tellsNothingNew(node, told)) {
      await context.database.write((tx) => storeReport(tx, { ...told, number: node.number }));
    }
    return { self: assignmentOf(node), mesh: context.state.mesh };
  },

  async rotateSecret({ body, caller, source, context }) {
    const { number, name } = caller.node;
    const hash = sha256Hex(body.secret);
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

  feed({ query, caller, context }) {
    return context.feed.next({ number: caller.node.number, since: query.since })
      .then((body) => feedResponse(body, context));
  },

  status({ body, caller, context }) {
    const { number, name } = caller.node;
    // Who it is was proven by the secret; what it says of that is not asked.
    const wantRoutes = context.board.told({ ...body, number, name });
    return Promise.resolve({ done: true, wantRoutes });
  },
};

/** A plain record, not `Headers`: ten thousand answers are made in two thirds of the time. */
const FEED_INIT = { headers: { "content-type": "application/json" } };

function feedResponse(
  body: Uint8Array<ArrayBuffer>,
  context: Context,
): Response | Promise<Response> {
  if (body.length <= BULKY) return new Response(body, FEED_INIT);
  return context.bulk.stream(body).then((stream) => new Response(stream, FEED_INIT));
}

/** An address of the overlay is no way to reach a node from outside of it. */
function overlayOf(context: Context): Context["trustedProxies"] {
  const { nodePools, tunnelPools } = context.state.mesh;
  return [...nodePools, ...tunnelPools];
}
