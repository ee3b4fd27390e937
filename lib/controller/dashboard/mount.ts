import type { Context as HonoContext, Hono } from "hono";
import { z } from "zod";
import { Refusal } from "../../model/refusal.ts";
import { insertAudit } from "../../store/audit.ts";
import { identify } from "../caller.ts";
import type { Context } from "../context.ts";
import { metricsPage } from "../metrics_page.ts";
import { readJson } from "../read_body.ts";
import { type Connection, isSecure, requestSource } from "../request_source.ts";
import { ASSETS } from "./assets.ts";
import { SECURITY_HEADERS } from "./security_headers.ts";
import { isOwnPage, sessionCookie, sessionOf, setCookie } from "./session_cookie.ts";
import { MAX_VIEWERS } from "./viewers.ts";

type Env = { Bindings: Connection };
type Call = HonoContext<Env>;

const signInSchema = z.object({ password: z.string().max(1024) });

/** Adds what people's browsers and Prometheus ask for: the dashboard, its sessions and its live view, and the metrics. */
export function mountDashboard(app: Hono<Env>, context: Context): void {
  for (const [path, asset] of Object.entries(ASSETS)) {
    app.get(path, (c) => asset.answer({ header: (name) => c.req.header(name) }));
  }
  app.post("/ui/session", (c) => signIn(c, context));
  app.delete("/ui/session", (c) => signOut(c, context));
  app.get("/ui/live", (c) => live(c, context));
  app.get("/metrics", (c) => metrics(c, context));
}

/** Whether the request shows a session of the dashboard. */
export async function hasSession(c: Call, context: Context): Promise<boolean> {
  return await sessionEnd(c, context) !== undefined;
}

function sessionEnd(c: Call, context: Context): Promise<number | undefined> {
  const request = { method: c.req.method, header: (name: string) => c.req.header(name) };
  return sessionOf(request, { sessions: context.sessions, secure: isSecure(c) });
}

async function signIn(c: Call, context: Context): Promise<Response> {
  if (!isOwnPage({ method: "POST", header: (name) => c.req.header(name) })) {
    throw new Refusal({
      status: 403,
      code: "not_own_page",
      detail: "sign in on the dashboard's own page",
    });
  }
  const body = signInSchema.safeParse(await readJson(c.req.raw, { maxBytes: 8192, maxMs: 10_000 }));
  if (!body.success) {
    throw new Refusal({ status: 400, code: "body_invalid", detail: "body: expected a password" });
  }
  const source = requestSource(c, context);
  const credential = new TextEncoder().encode(`admin:${body.data.password}`).toBase64();
  await identify(context, { header: `Basic ${credential}`, source, credential: "admin" });
  const entry = {
    at: context.now(),
    source,
    actor: "admin",
    action: "dashboard.sign-in",
    subject: "",
    detail: "",
  };
  // A database that cannot be written is when one wants to look.
  await context.database.write((tx) => insertAudit(tx, entry)).catch(() => {});
  return emptied(setCookie(await context.sessions.begin(), { secure: isSecure(c) }));
}

async function signOut(c: Call, context: Context): Promise<Response> {
  const secure = isSecure(c);
  if (await hasSession(c, context)) {
    await context.sessions.end(sessionCookie(c.req.header("cookie"), { secure }));
  }
  return emptied(setCookie("", { secure }));
}

function emptied(cookie: string): Response {
  return new Response(null, {
    status: 204,
    headers: { "set-cookie": cookie, "cache-control": "no-store" },
  });
}

async function live(c: Call, context: Context): Promise<Response> {
  const until = await sessionEnd(c, context);
  if (until === undefined) {
    throw new Refusal({ status: 401, code: "session_missing", detail: "sign in first" });
  }
  if (context.viewers.size >= MAX_VIEWERS) {
    throw new Refusal({
      status: 429,
      code: "too_many_viewers",
      detail: `${MAX_VIEWERS} dashboards are open already; close one`,
    });
  }
  return new Response(context.viewers.stream(until), {
    headers: {
      ...SECURITY_HEADERS,
      "content-type": "application/x-ndjson",
      "cache-control": "no-store",
    },
  });
}

/** Prometheus shows the password, or the token that was made for it. */
async function metrics(c: Call, context: Context): Promise<Response> {
  const header = c.req.header("authorization");
  if (!context.metricsAccess.allows(header)) {
    const source = requestSource(c, context);
    if (!await hasSession(c, context)) {
      await identify(context, { header, source, credential: "admin" });
    }
  }
  return metricsPage(context);
}
