import type { SocketFact, WgDeviceFact } from "../plan/doctor_facts.ts";
import { ask } from "./doctor_programs.ts";
import type { Exec } from "./exec.ts";

/**
 * Reads `ss -H -l -n -p`: columns of state, two queues, local and remote address, and who holds it
 * (`users:(("bgpd",pid=12,fd=3))`), which is absent for sockets of the kernel itself.
 */
export function parseListeners(text: string): readonly SocketFact[] {
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const columns = line.trim().split(/\s+/);
    const program = /users:\(\("([^"]+)"/.exec(line)?.[1];
    return { program, local: columns[3] ?? "?" };
  });
}

/** Who listens on a port. */
export async function listeners(
  exec: Exec,
  on: { readonly protocol: "tcp" | "udp"; readonly port: number },
): Promise<readonly SocketFact[]> {
  const flag = on.protocol === "tcp" ? "-t" : "-u";
  const result = await ask(exec, ["ss", "-H", "-l", "-n", "-p", flag, `sport = :${on.port}`]);
  return result?.code === 0 ? parseListeners(result.stdout) : [];
}

/** All WireGuard devices of the host with their ports. */
export async function wireguardDevices(exec: Exec): Promise<readonly WgDeviceFact[]> {
  const result = await ask(exec, ["wg", "show", "all", "listen-port"]);
  if (result?.code !== 0) return [];
  return result.stdout.split("\n").flatMap((line) => {
    const [name, port] = line.split("\t");
    return port === undefined ? [] : [{ name: name!, port: Number(port) }];
  });
}
