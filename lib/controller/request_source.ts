import type { Context } from "./context.ts";
import { sourceOf } from "./seen_address.ts";

/** What the listener knows of a request. */
export interface Connection {
  readonly remoteAddr: Deno.Addr;
}

/** What is needed of a request to tell where it came from. */
interface Incoming {
  readonly env: Connection | undefined;
  readonly req: { header(name: string): string | undefined };
}

/** The address that a request came from, behind the proxies that are trusted. */
export function requestSource(c: Incoming, context: Pick<Context, "trustedProxies">): string {
  return sourceOf(hostOf(c.env?.remoteAddr), {
    forwardedFor: c.req.header("x-forwarded-for"),
    trusted: context.trustedProxies,
  });
}

/** Whether people reach the controller by https: by itself, or through a proxy that says so. */
export function isSecure(c: Incoming & { readonly req: { readonly url: string } }): boolean {
  return c.req.url.startsWith("https:") || c.req.header("x-forwarded-proto") === "https";
}

function hostOf(address: Deno.Addr | undefined): string {
  return address !== undefined && "hostname" in address ? address.hostname : "";
}
