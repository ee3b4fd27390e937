/** A port of loopback for a program that cannot choose one by itself; until its start nobody else is likely to take it. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
