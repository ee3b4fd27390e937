import type { Command } from "../command.ts";
import { routeDecision } from "../route_decision.ts";

/** `meshover route forget`. */
const forgetRoute: Command = routeDecision({
  name: "route forget",
  summary: "take back what was approved or denied",
  verdict: null,
  done: "forgot what was decided on",
});
export default forgetRoute;
