import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mesh } from "../../test/lab/mesh.ts";
import { tryProgram } from "../../test/lab/run_program.ts";
import { relay } from "./relay.ts";

const RELAY = fileURLToPath(new URL("./relay.ts", import.meta.url));

/** A way from a browser on this machine to the controller's dashboard, which is in a namespace of its own. */
export interface DashboardDoor extends AsyncDisposable {
  readonly url: string;
}

/** Opens a loopback port that leads to the controller. It is closed, and nothing of it left, on disposal. */
export async function dashboardDoor(mesh: Mesh): Promise<DashboardDoor> {
  // A socket file crosses network namespaces, which a connection cannot.
  const folder = await socketFolder();
  const path = `${folder}/socket`;
  const { hostname, port } = new URL(mesh.url);
  const permissions = ["--allow-net", `--allow-read=${folder}`, `--allow-write=${folder}`];
  const inside = mesh.world.controller.start(
    [Deno.execPath(), "run", "--quiet", ...permissions, RELAY, path, hostname, port],
    { name: "dashboard relay" },
  );
  await inside.waitForLine(/relaying/);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  relay(listener, () => Deno.connect({ transport: "unix", path })).catch(() => undefined);
  return {
    url: `http://127.0.0.1:${listener.addr.port}/`,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await inside.stop({ signal: "KILL" });
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A folder named after this process, after removing those of demos that were ended by force. */
async function socketFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: `meshover-demo-${Deno.pid}-` });
  const parent = dirname(folder);
  for await (const { name } of Deno.readDir(parent)) {
    const pid = /^meshover-demo-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || (await tryProgram(["ps", "-p", pid])).code === 0) continue;
    await Deno.remove(`${parent}/${name}`, { recursive: true });
  }
  return folder;
}
