import type { EnrolRequest } from "../../lib/model/enrolment_api.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { parseWgKey } from "../../lib/model/wg_key.ts";
import { parseAddress } from "../../lib/model/address.ts";
import { RawAgent } from "./raw_agent.ts";
import type { RunningController } from "./running_controller.ts";

/** A node that enrols and comes back. */
export interface SwarmNode {
  readonly request: EnrolRequest;
}

/** A node with random keys, and addresses as a site with IPv4 and IPv6 has them. */
export function makeNode(index: number): SwarmNode {
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  return {
    request: {
      name: parseHostName(`node${index}.site${index % 50}.example.net`),
      secret: random(32).toHex(),
      report: {
        publicKey: parseWgKey(random(32).toBase64()),
        port: 12912,
        candidates: [
          parseAddress(`2001:db8:${(index >> 8).toString(16)}:${(index & 255).toString(16)}::10`),
          parseAddress(`198.18.${index >> 8}.${index & 255}`),
        ],
        tunnels: ["gre", "vxlan"],
        wg: "kernel",
        underlayMtu: 1500,
        gathers: [],
        version: "0.1.0",
      },
    },
  };
}

/** Runs `task` for every item, at most `width` at a time. */
export async function each<T>(
  items: readonly T[],
  options: { width: number; task: (item: T, index: number) => Promise<void> },
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await options.task(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.width, items.length) }, worker));
}

/** Enrols all nodes, each on a connection of its own, `width` at a time. Returns the answers' bodies. */
export async function enrolAll(
  controller: RunningController,
  options: { nodes: readonly SwarmNode[]; token: string; width: number },
): Promise<string[]> {
  const answers: string[] = [];
  await each(options.nodes, {
    width: options.width,
    task: async (node) => {
      const agent = await RawAgent.connect(controller.port);
      const body = JSON.stringify(node.request);
      const answer = await agent.call({ line: "POST /v1/enrol", credential: options.token, body });
      agent.close();
      if (answer.status !== 200) {
        throw new Error(`Enrolment refused: ${answer.status} ${answer.body}`);
      }
      answers.push(answer.body);
    },
  });
  return answers;
}

/** A reusable agent token. */
export async function newToken(controller: RunningController): Promise<string> {
  const answer = await controller.admin("POST", { path: "/v1/tokens", body: {} }) as {
    token: string;
  };
  return answer.token;
}
