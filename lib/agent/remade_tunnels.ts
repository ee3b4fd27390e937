import { forgetLines } from "../plan/frr_forget.ts";
import type { Plan } from "./node.ts";

/** The lines by which FRR forgets its neighbours on devices that a plan makes anew. */
export function remadeTunnels({ changes, observation }: Plan): readonly string[] {
  const devices = changes.flatMap((change) => change.kind === "link.add" ? [change.link.name] : []);
  return forgetLines(observation.state.frr?.text ?? "", devices);
}
