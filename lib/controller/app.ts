import { type Context as HonoContext, Hono } from "hono";
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

type Env = { Bindings: Connection };

const HANDLERS: Handlers = { ...nodeCalls, ...adminNodeCalls, ...adminTokenCalls, ...healthCalls };

/** A status holds a line for every peer; everything else is small. */
const MAX_BODY: Partial<Record<RouteName, number>> = { status: 4 * 1024 * 1024 };
const MAX_BODY_ELSE = 64 * 1024;
const MAX_BODY_MS = 10_000;

/** The HTTP application: every route of the contract, and problem answers for everything else. */
export function makeApp(context: Context): Hono<Env> {
  const app = new Hono<Env>({ strict: true });
  const paths = new Map<string, Set<string>>();
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route = ROUTES[name];
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    paths.set(path, (paths.get(path) ?? new Set()).add(route.method));
    app.on(route.method, path, (c) => serve(c, { name, context }));
  }
  for (const [path, methods] of paths) app.all(path, () => wrongMethod([...methods]));
  app.notFound((c) =>
    problem({ status: 404, code: "not_found", detail: `there is nothing at ${c.req.path}` })
  );
  app.onError((error) => problemOf(error, context.log));
  return app;
}

async function serve(
  c: HonoContext<Env>,
  options: { name: RouteName; context: Context },
): Promise<Response> {
  const { name, context } = options;
  const route: Route = ROUTES[name];
  const source = sourceOf(hostOfPeer(c.env?.remoteAddr), {
    forwardedFor: c.req.header("x-forwarded-for"),
    trusted: context.trustedProxies,
  });
  const caller = await identify(context, {
    header: c.req.header("authorization"),
    source,
    credential: route.credential,
  });
  const limits = { maxBytes: MAX_BODY[name] ?? MAX_BODY_ELSE, maxMs: MAX_BODY_MS };
  const call = {
    params: parsed(route.params, c.req.param(), "path"),
    query: parsed(route.query, c.req.query(), "query"),
    body: route.body === undefined
      ? undefined
      : parsed(route.body, await readJson(c.req.raw, limits), "body"),
    caller,
    source,
    context,
  };
  // The table ties each handler to its route; that both were taken by the same name is all the cast says.
  const answer = await (HANDLERS[name] as Handler<Route>)(call as Call<Route>);
  return answer instanceof Response
    ? answer
    : Response.json(answer, { headers: { "cache-control": "no-store" } });
}

function parsed(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
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
  const response = problem({
    status: 405,
    code: "method_not_allowed",
    detail: `this address takes ${allow}`,
  });
  response.headers.set("allow", allow);
  return response;
}
