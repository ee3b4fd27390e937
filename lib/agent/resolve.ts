import type { ControllerUrl } from "../client/controller_url.ts";
import { type IpAddress, tryParseAddress } from "../model/address.ts";

async function lookUp(host: string): Promise<readonly IpAddress[]> {
  const literal = tryParseAddress(host.replace(/^\[|\]$/g, ""));
  if (literal !== undefined) return [literal];
  const answers = await Promise.all(
    (["AAAA", "A"] as const).map((type) => Deno.resolveDns(host, type).catch(() => [])),
  );
  return answers.flat().flatMap((text) => tryParseAddress(text) ?? []);
}

/** The addresses of the controllers; a name that cannot be resolved now has none. */
export async function resolveControllers(
  urls: readonly ControllerUrl[],
): Promise<readonly IpAddress[]> {
  const lists = await Promise.all(urls.map((url) => lookUp(new URL(url).hostname)));
  return [...new Set(lists.flat())];
}
