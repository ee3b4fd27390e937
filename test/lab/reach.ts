import type { LabHost } from "./lab_host.ts";
import { patient } from "./patience.ts";
import { TIMED_OUT } from "./run_program.ts";

/** Waits on one host (one program, no polling from here) until each address answers a ping. */
export async function reach(
  from: LabHost,
  addresses: readonly string[],
  options: { readonly deadlineS?: number } = {},
): Promise<void> {
  const deadlineS = patient(options.deadlineS ?? 60);
  // A ping whose time runs out in the moment before it listens waits for ever.
  const script = `pause=$1; shift; for address in "$@"; do
    until timeout 3 ping -n -q -c 1 -W 0.3 "$address" > /dev/null 2>&1; do sleep "$pause"; done
    echo "$address"
  done`;
  const argv = ["sh", "-c", script, "reach", String(pauseS()), ...addresses];
  const { code, stdout, stderr } = await from.tryExec(argv, { deadlineS });
  if (code === 0) return;
  if (code !== TIMED_OUT) throw new Error(`Cannot ping from ${from.name}: exit ${code}: ${stderr}`);
  const answered = stdout.split("\n");
  const silent = addresses.filter((address) => !answered.includes(address))[0];
  throw new Error(`Not within ${deadlineS} s: ${from.name} pings ${silent}`);
}

/** Seconds between two tries. Where starting a program is slow, trying must not take the time that the mesh needs. */
function pauseS(): number {
  const factor = patient(100) / 100;
  return factor < 2 ? 0.05 : factor / 3;
}
