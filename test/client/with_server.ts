import type { FetchLike } from "../../lib/client/exchange.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";

/** A client whose controllers answer as `answer` says. */
export function clientOf(
  answer: FetchLike,
  hosts: readonly string[] = ["a.test"],
): ControllerClient {
  return new ControllerClient({
    urls: hosts.map((host) => parseControllerUrl(`https://${host}`)),
    credential: { kind: "admin", password: "swordfish" },
    fetch: answer,
    timeoutMs: 200,
  });
}
