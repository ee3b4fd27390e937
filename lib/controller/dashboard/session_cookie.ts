import { SESSION_MS, type Sessions } from "./sessions.ts";

/** Browsers keep a `__Host-` cookie only from https, for this host alone, so that no neighbour can set it. */
function nameOf(secure: boolean): string {
  return secure ? "__Host-meshover" : "meshover";
}

/** The `Set-Cookie` header of a session; of its end when `value` is empty. */
export function setCookie(value: string, options: { secure: boolean }): string {
  const age = value === "" ? 0 : SESSION_MS / 1000;
  const secure = options.secure ? "; Secure" : "";
  return `${
    nameOf(options.secure)
  }=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}

/** The session cookie of a request. */
export function sessionCookie(
  header: string | undefined,
  options: { secure: boolean },
): string | undefined {
  const prefix = `${nameOf(options.secure)}=`;
  return (header ?? "").split(";").map((part) => part.trim())
    .find((part) => part.startsWith(prefix))?.slice(prefix.length);
}

/** What is asked of a request's headers. */
interface Headers {
  readonly header: (name: string) => string | undefined;
  readonly method: string;
}

/**
 * Whether a request comes from the dashboard itself and from no other site's page: such a page can send neither this
 * header nor JSON without being asked first, which is answered with no.
 */
export function isOwnPage(request: Headers): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  return request.header("x-meshover-dashboard") === "1";
}

/** When the session that a request shows ends; undefined when it shows none, or does not come from the dashboard. */
export async function sessionOf(
  request: Headers,
  options: { sessions: Sessions; secure: boolean },
): Promise<number | undefined> {
  const cookie = sessionCookie(request.header("cookie"), options);
  if (cookie === undefined || !isOwnPage(request)) return undefined;
  return await options.sessions.endOf(cookie);
}
