import { type Context as HonoContext, Hono } from "hono";
import type { z } from "zod";
import { Refusal } from "../model/refusal.ts";
import { type Route, type RouteName, ROUTES } from "../model/routes.ts";
import { adminNodeCalls, adminTokenCalls } from "./admin_calls.ts";
import type { Call, Handler, Handlers } from "./call.ts";
import { identify } from "./caller.ts";
import type { Context } from "./context.ts";
import { hasSession, mountDashboard } from "./dashboard/mount.ts";
import { healthCalls } from "./health_calls.ts";
import { nodeCalls } from "./node_calls.ts";
import { openApi } from "./openapi.ts";
import { problem, problemOf } from "./problem.ts";
import { readJson } from "./read_body.ts";
import { type Connection, requestSource } from "./request_source.ts";
import { routeCalls } from "./route_calls.ts";

type Env = { Bindings: Connection };

/** Answers any request; nothing is thrown. */
export type Fetch = (request: Request, connection: Connection) => Response | Promise<Response>;

const HANDLERS: Handlers = {
  ...nodeCalls,
  ...adminNodeCalls,
  ...adminTokenCalls,
  ...routeCalls,
  ...healthCalls,
};

/** A status holds a line for every peer; everything else is small. */
const MAX_BODY: Partial<Record<RouteName, number>> = { status: 4 * 1024 * 1024 };
const MAX_BODY_ELSE = 64 * 1024;
const MAX_BODY_MS = 10_000;

/** The HTTP application: every route of the contract, the pages, and problem answers for everything else. */
export function makeApp(context: Context): Fetch {
  const app = new Hono<Env>({ strict: true });
  const methods = new Map<string, Set<string>>();
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route: Route = ROUTES[name];
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    methods.set(path, (methods.get(path) ?? new Set()).add(route.method));
    app.on(route.method, path, (c) => counted(incomingOf(c, { name, context })));
  }
  app.get("/openapi.json", () => Response.json(openApi()));
  mountDashboard(app, context);
  for (const [path, allowed] of methods) app.all(path, () => wrongMethod([...allowed]));
  app.notFound((c) =>
    problem({ status: 404, code: "not_found", detail: `there is nothing at ${c.req.path}` })
  );
  app.onError((error) => problemOf(error, context.log));
  return feedFirst(app, context);
}

/**
 * Nearly all open requests wait for the feed. They pass Hono by: it would keep its context of each of them in memory
 * for as long as it waits, about as much again as the request itself.
 */
function feedFirst(app: Hono<Env>, context: Context): Fetch {
  const { path, method } = ROUTES.feed;
  const pattern = new RegExp(`^https?://[^/]+${path}(?:\\?|$)`);
  return (request, connection) => {
    if (request.method !== method || !pattern.test(request.url)) {
      return app.fetch(request, connection);
    }
    const header = (name: string) => request.headers.get(name) ?? undefined;
    const source = requestSource({ env: connection, req: { header } }, context);
    return counted({ name: "feed", request, params: {}, source, context });
  };
}

/** A request for one call of the contract. */
interface Incoming {
  readonly name: RouteName;
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  /** Address that it came from. */
  readonly source: string;
  /** Whether a browser shows that the admin has signed in. */
  readonly signedIn?: () => Promise<boolean>;
  readonly context: Context;
}

function incomingOf(
  c: HonoContext<Env>,
  { name, context }: { name: RouteName; context: Context },
): Incoming {
  return {
    name,
    request: c.req.raw,
    params: c.req.param(),
    source: requestSource(c, context),
    signedIn: () => hasSession(c, context),
    context,
  };
}

/** Serves, and counts for the metrics what came of it. */
function counted(incoming: Incoming): Promise<Response> {
  const { name, context } = incoming;
  return serve(incoming).catch((error) => problemOf(error, context.log)).then((answer) => {
    context.requests.add(name, answer.status);
    return answer;
  });
}

/** One call. Not an async function: while the handler waits, only what the handler keeps stays in memory. */
function serve(incoming: Incoming): Promise<Response> {
  // The table ties each handler to its route; that both were taken by the same name is all the cast says.
  const handler = HANDLERS[incoming.name] as Handler<Route>;
  return prepare(incoming).then((call) => handler(call)).then(toResponse);
}

function toResponse(answer: unknown): Response {
  return answer instanceof Response
    ? answer
    : Response.json(answer, { headers: { "cache-control": "no-store" } });
}

/** Checks the credential and the form. @throws {Refusal} */
async function prepare(incoming: Incoming): Promise<Call<Route>> {
  const { name, request, source, context } = incoming;
  const route: Route = ROUTES[name];
  const signedIn = route.credential === "admin" && await incoming.signedIn?.() === true;
  const header = request.headers.get("authorization") ?? undefined;
  const caller = signedIn
    ? null
    : await identify(context, { header, source, credential: route.credential });
  const limits = { maxBytes: MAX_BODY[name] ?? MAX_BODY_ELSE, maxMs: MAX_BODY_MS };
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const body = route.body === undefined ? undefined : await readJson(request, limits);
  const call = {
    params: parsed(route.params, incoming.params, "path"),
    query: parsed(route.query, query, "query"),
    body: parsed(route.body, body, "body"),
    caller,
    source,
    context,
  };
  return call as Call<Route>;
}

function parsed(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const at = path.length === 0 ? where : `${where}: ${path.join(".")}`;
  throw new Refusal({ status: 400, code: `${where}_invalid`, detail: `${at}: ${message}` });
}

function wrongMethod(methods: readonly string[]): Response {
  const allow = methods.join(", ");
  const response = problem({
    status: 405,
    code: "method_not_allowed",
    detail: `this address takes ${allow}`,
  });
  response.headers.set("allow", allow);
  return response;
}
