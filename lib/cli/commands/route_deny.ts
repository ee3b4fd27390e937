import type { Command } from "../command.ts";
import { routeDecision } from "../route_decision.ts";

/** `meshover route deny`. */
const denyRoute: Command = routeDecision({
  name: "route deny",
  summary: "keep a prefix, and all inside it, out of the overlay",
  verdict: "denied",
  done: "denied",
});
export default denyRoute;
