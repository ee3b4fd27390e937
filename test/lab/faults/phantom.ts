import { ControllerClient } from "../../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../../lib/client/controller_url.ts";
import { parseAddress } from "../../../lib/model/address.ts";
import { parseHostName } from "../../../lib/model/host_name.ts";
import type { WgKey } from "../../../lib/model/wg_key.ts";

/**
 * A node that exists on paper only: it enrols and never answers. It makes the agents of the real nodes change their hosts.
 * Runs on the controller's host: phantom.ts URL TOKEN enrol|remove NAME.
 */
async function main([url, credential, action, name]: readonly string[]): Promise<void> {
  const client = new ControllerClient({
    urls: [parseControllerUrl(url!)],
    credential: action === "remove"
      ? { kind: "admin", password: credential! }
      : { kind: "token", token: credential! },
  });
  if (action === "remove") return await client.removeNode(parseHostName(name!));
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const key = btoa(String.fromCharCode(...random(32)));
  await client.enrol({
    name: parseHostName(name!),
    secret: [...random(32)].map((b) => b.toString(16).padStart(2, "0")).join(""),
    report: {
      publicKey: key as WgKey,
      port: 12912,
      // An address of the underlay that nobody has.
      candidates: [parseAddress("172.30.0.99")],
      tunnels: ["gre", "vxlan"],
      wg: "userspace",
      underlayMtu: 1500,
      gathers: [],
      version: "0.1.0",
    },
  });
}

if (import.meta.main) await main(Deno.args);
