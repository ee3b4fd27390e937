import type { Problem } from "../model/problem.ts";
import { Refusal } from "../model/refusal.ts";
import { DatabaseError } from "../store/database_error.ts";
import type { Log } from "./log.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Too slow",
  409: "Conflict",
  410: "Gone",
  413: "Too large",
  415: "Wrong type",
  429: "Too many requests",
  500: "Internal error",
  503: "Not available",
};

/** An error answer (RFC 9457). */
export function problem(facts: Pick<Problem, "status" | "code" | "detail">): Response {
  const { status, code, detail } = facts;
  const body: Problem = {
    type: `urn:meshover:problem:${code}`,
    title: TITLES[status] ?? "Error",
    status,
    detail,
    code,
  };
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  if (status === 401) headers["www-authenticate"] = 'Bearer, Basic realm="meshover"';
  return Response.json(body, { status, headers });
}

/** The answer to whatever a call threw; what is not the caller's fault is logged. */
export function problemOf(thrown: unknown, log: Log): Response {
  if (thrown instanceof Refusal) {
    return problem({ status: thrown.status, code: thrown.code, detail: thrown.message });
  }
  if (thrown instanceof DatabaseError) {
    // Not logged here: the controller says once when its database fails and once when it works again.
    const detail = "the controller's database is not available; try again shortly";
    return problem({ status: 503, code: `database_${thrown.trouble.replace("-", "_")}`, detail });
  }
  log("error", thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown));
  return problem({
    status: 500,
    code: "internal",
    detail: "the controller failed; its log says why",
  });
}
