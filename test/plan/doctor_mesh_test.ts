import { facts } from "./doctor_fixture.ts";
import { judges } from "./doctor_judges.ts";

const controller = facts().controller!;

judges([
  {
    when: "the clock is a day behind",
    id: "time",
    change: { controller: { ...controller, clockAheadS: -86_400 } },
    verdict: "failed",
    found: /86400 s behind the controller's/,
    remedy: /time service/,
  },
  {
    when: "the clock is a little off",
    id: "time",
    change: { controller: { ...controller, clockAheadS: 7 } },
    verdict: "warning",
    found: /7\.0 s ahead/,
    remedy: /time service/,
  },
  {
    when: "no time service runs",
    id: "time",
    change: { ntpSynchronised: false },
    verdict: "warning",
    found: /no time service/,
    remedy: /chrony/,
  },
  {
    when: "the controller does not answer",
    id: "controller",
    change: { controller: { ...controller, unreachable: "connection refused" } },
    verdict: "failed",
    found: /connection refused/,
    remedy: /--controller-ca; the overlay stays up without it/,
  },
  {
    when: "the controller removed this node",
    id: "controller",
    change: { controller: { ...controller, refusal: "this node was removed", knowsNode: false } },
    verdict: "failed",
    found: /this node was removed/,
    remedy: /new token/,
  },
  {
    when: "no controller is named",
    id: "controller",
    change: { controller: undefined },
    verdict: "warning",
    found: /no controller is named/,
    remedy: /--controlserver/,
  },
]);
