import { InputError } from "../model/errors.ts";
import { tryParseAddress } from "../model/address.ts";

/** Origin of a controller without a slash at the end: `https://controller.example:8080`. */
export type ControllerUrl = string & { readonly __brand: "ControllerUrl" };

/** Whether a host of a URL (IPv6 in brackets or not) is this machine itself. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  if (bare === "localhost" || bare.endsWith(".localhost")) return true;
  return bare === "::1" || (tryParseAddress(bare) !== undefined && bare.startsWith("127."));
}

/**
 * Reads what `--controlserver` takes: a URL, or `HOST:PORT`, which means https.
 * @throws {InputError} for what is not the address of a controller.
 */
export function parseControllerUrl(text: string): ControllerUrl {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.parse(withScheme);
  const example = "expected for example https://controller.example:8080";
  if (url === null || url.hostname === "") {
    throw new InputError(`"${text}" is not the address of a controller; ${example}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new InputError(`The address of a controller must not hold a password; ${example}`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new InputError(`"${text}" has an unknown scheme; ${example}`);
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new InputError(`"${text}" has a path; ${example}`);
  }
  return url.origin as ControllerUrl;
}

/**
 * Refuses to send secrets in the clear over a network.
 * @throws {InputError} for `http://` to another machine without `--insecure-http`.
 */
export function requireSafeUrl(url: ControllerUrl, options: { insecureHttp: boolean }): void {
  if (url.startsWith("https:") || options.insecureHttp || isLoopback(new URL(url).hostname)) return;
  throw new InputError(
    `"${url}" would send secrets in the clear; use https://, or add --insecure-http if that network is trusted`,
  );
}
