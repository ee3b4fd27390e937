import { Hono } from "hono";
import type { z } from "zod";
import { Refusal } from "../model/refusal.ts";
import { type Route, type RouteName, ROUTES } from "../model/routes.ts";
import { adminNodeCalls, adminTokenCalls } from "./admin_calls.ts";
import type { Call, Handler, Handlers } from "./call.ts";
import { identify } from "./caller.ts";
import type { Context } from "./context.ts";
import { healthCalls } from "./health_calls.ts";
import { nodeCalls } from "./node_calls.ts";
import { problem, problemOf } from "./problem.ts";
import { readJson } from "./read_body.ts";
import { sourceOf } from "./seen_address.ts";

/** What the listener knows of a request. */
export interface Connection {
  readonly remoteAddr: Deno.Addr;
}

/** The HTTP application. */
export interface App {
  /** Answers any request, outside of which nothing is thrown. */
  readonly fetch: (request: Request, connection: Connection) => Response | Promise<Response>;
  /** For calls beside the contract, such as pages. */
  readonly hono: Hono<{ Bindings: Connection }>;
}

const HANDLERS: Handlers = { ...nodeCalls, ...adminNodeCalls, ...adminTokenCalls, ...healthCalls };

/** A status holds a line for every peer; everything else is small. */
const MAX_BODY: Partial<Record<RouteName, number>> = { status: 4 * 1024 * 1024 };
const MAX_BODY_ELSE = 64 * 1024;
const MAX_BODY_MS = 10_000;

/** Every route of the contract, and problem answers for everything else. */
export function makeApp(context: Context): App {
  const hono = new Hono<{ Bindings: Connection }>({ strict: true });
  const methods = new Map<string, Set<string>>();
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route: Route = ROUTES[name];
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    methods.set(path, (methods.get(path) ?? new Set()).add(route.method));
    hono.on(route.method, path, (c) =>
      serve(c.req.raw, { name, context, params: c.req.param(), peer: c.env?.remoteAddr }));
  }
  for (const [path, allowed] of methods) hono.all(path, () => wrongMethod([...allowed]));
  hono.notFound((c) => problem({ status: 404, code: "not_found", detail: `there is nothing at ${c.req.path}` }));
  hono.onError((error) => problemOf(error, context.log));
  return { hono, fetch: withFeedFirst(context, hono) };
}

/**
 * Nearly all open requests wait for the feed. They pass Hono by: it would keep its context of each of them in memory
 * for as long as it waits, about as much again as the request itself.
 */
function withFeedFirst(context: Context, hono: App["hono"]): App["fetch"] {
  const { path, method } = ROUTES.feed;
  const pattern = new RegExp(`^https?://[^/]+${path}(?:\\?|$)`);
  return (request, connection) => {
    if (request.method !== method || !pattern.test(request.url)) return hono.fetch(request, connection);
    const answer = serve(request, { name: "feed", context, params: {}, peer: connection.remoteAddr });
    return answer.catch((error) => problemOf(error, context.log));
  };
}

interface ServeOptions {
  readonly name: RouteName;
  readonly context: Context;
  readonly params: Readonly<Record<string, string>>;
  readonly peer: Deno.Addr | undefined;
}

/** One call. Not an async function: while the handler waits, only what the handler keeps stays in memory. */
function serve(request: Request, options: ServeOptions): Promise<Response> {
  // The table ties each handler to its route; that both were taken by the same name is all the cast says.
  const handler = HANDLERS[options.name] as Handler<Route>;
  return prepare(request, options).then((call) => handler(call)).then(toResponse);
}

function toResponse(answer: unknown): Response {
  return answer instanceof Response
    ? answer
    : Response.json(answer, { headers: { "cache-control": "no-store" } });
}

async function prepare(request: Request, options: ServeOptions): Promise<Call<Route>> {
  const { name, context } = options;
  const route: Route = ROUTES[name];
  const { headers } = request;
  const source = sourceOf(hostOfPeer(options.peer), {
    forwardedFor: headers.get("x-forwarded-for") ?? undefined,
    trusted: context.trustedProxies,
  });
  const caller = await identify(context, {
    header: headers.get("authorization") ?? undefined,
    source,
    credential: route.credential,
  });
  const limits = { maxBytes: MAX_BODY[name] ?? MAX_BODY_ELSE, maxMs: MAX_BODY_MS };
  const call = {
    params: parsed(route.params, () => options.params, "path"),
    query: parsed(route.query, () => Object.fromEntries(new URL(request.url).searchParams), "query"),
    body: route.body === undefined
      ? undefined
      : parsed(route.body, await readJson(request, limits).then((json) => () => json), "body"),
    caller,
    source,
    context,
  };
  return call as Call<Route>;
}

function parsed(schema: z.ZodType | undefined, read: () => unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(read());
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const at = path.length === 0 ? where : `${where}: ${path.join(".")}`;
  throw new Refusal({ status: 400, code: `${where}_invalid`, detail: `${at}: ${message}` });
}

function hostOfPeer(address: Deno.Addr | undefined): string {
  return address !== undefined && "hostname" in address ? address.hostname : "";
}

function wrongMethod(methods: readonly string[]): Response {
  const allow = methods.join(", ");
  const response = problem({ status: 405, code: "method_not_allowed", detail: `this address takes ${allow}` });
  response.headers.set("allow", allow);
  return response;
}
