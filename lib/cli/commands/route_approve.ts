import type { Command } from "../command.ts";
import { routeDecision } from "../route_decision.ts";

/** `meshover route approve`. */
const approveRoute: Command = routeDecision({
  name: "route approve",
  summary: "let a prefix, and all inside it, into the overlay",
  verdict: "approved",
  done: "approved",
});
export default approveRoute;
