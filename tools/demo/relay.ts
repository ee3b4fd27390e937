/** Carries bytes both ways until both sides have said all. */
async function join(a: Deno.Conn, b: Deno.Conn): Promise<void> {
  const carry = (from: Deno.Conn, to: Deno.Conn) => from.readable.pipeTo(to.writable);
  await Promise.allSettled([carry(a, b), carry(b, a)]);
}

/** Takes connections from `listener` and carries each to a new one from `connect`. */
export async function relay(
  listener: Deno.Listener,
  connect: () => Promise<Deno.Conn>,
): Promise<void> {
  for await (const connection of listener) {
    connect().then((other) => join(connection, other), () => connection.close());
  }
}

/** Runs on a lab host: from the socket file (first argument) to an address and port of that host's network. */
if (import.meta.main) {
  const [path, hostname, port] = Deno.args;
  const listener = Deno.listen({ transport: "unix", path: path! });
  console.log("relaying");
  await relay(listener, () => Deno.connect({ hostname: hostname!, port: Number(port) }));
}
