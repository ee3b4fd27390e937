import { type Controller, makeController } from "../../lib/controller/controller.ts";
import type { Context } from "../../lib/controller/context.ts";
import { PasswordGate } from "../../lib/controller/password_gate.ts";
import type { RouteMode } from "../../lib/model/route_policy.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { openDatabase, placeInFolder } from "../../lib/store/open_database.ts";
import { type Send, SimulatedMesh } from "./simulated_mesh.ts";

/** Password of controllers in tests. */
export const PASSWORD = "correct horse";

/** A controller without a listener, and a mesh that talks to it. */
export interface Tried {
  readonly controller: Controller;
  readonly mesh: SimulatedMesh;
  readonly send: Send;
}

/** Has no time pass for those who guess passwords: who has to wait waits for good, however slow the machine is. */
export function stopPasswordClock({ context }: Controller): void {
  const gate = new PasswordGate({ password: PASSWORD, now: () => 0 });
  Object.assign(context, { gate } satisfies Partial<Context>);
}

/** Runs `task` with a controller on an empty database. */
export async function withController(
  task: (tried: Tried) => Promise<void>,
  options: { metrics?: { open?: boolean; token?: string }; routeMode?: RouteMode } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-see-" });
  const database = await openDatabase(await placeInFolder(folder), { meshId: "test" });
  const controller = await makeController({
    database,
    password: PASSWORD,
    pools: {
      tunnelPools: [parsePrefix("10.192.0.0/12")],
      nodePools: [parsePrefix("10.128.0.0/12"), parsePrefix("fd00:beef:beef::/48")],
    },
    log: () => {},
    ...options,
  });
  const remoteAddr: Deno.Addr = { transport: "tcp", hostname: "192.0.2.10", port: 40_000 };
  const send: Send = async (path, init) =>
    await controller.fetch(new Request(`http://controller.test${path}`, init), { remoteAddr });
  try {
    await task({ controller, mesh: new SimulatedMesh({ send, password: PASSWORD }), send });
  } finally {
    await controller.close();
    await Deno.remove(folder, { recursive: true });
  }
}
