/** Ports below those that the kernel hands out: it may give one of its own to anybody before a program listens on it. */
const FIRST = 20_000;
const COUNT = 12_000;

/** A port of loopback for a program that cannot choose one by itself; until its start nobody else is likely to take it. */
export function freePort(): number {
  for (let left = 100; left > 0; left--) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error(`no port is free from ${FIRST} to ${FIRST + COUNT - 1}`);
}
