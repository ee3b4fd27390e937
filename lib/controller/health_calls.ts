import type { Handlers } from "./call.ts";

/** Probes for supervisors and load balancers. */
export const healthCalls: Pick<Handlers, "healthz" | "readyz"> = {
  healthz: () => Promise.resolve({ ok: true, waitingFor: [] }),
  readyz({ context }) {
    const waitingFor = [...context.waitingFor()];
    const answer = { ok: waitingFor.length === 0, waitingFor };
    return Promise.resolve(answer.ok ? answer : Response.json(answer, { status: 503 }));
  },
};
