import type { Dialer } from "./connections.ts";

/** Speaks as the global `fetch` does, over connections of its own. */
export function plainDialer(): Dialer {
  let client: Deno.HttpClient | undefined;
  return {
    fetch: (input, init) => {
      client ??= Deno.createHttpClient({});
      return fetch(input, { ...init, client });
    },
    close: () => client?.close(),
  };
}
