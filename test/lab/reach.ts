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
  // One ping goes on until something answers; it ends at once where no route leads. What it takes to start one again and again
  // would be taken from the mesh. A ping whose time runs out in the moment before it listens waits for ever, hence `timeout`.
  const script = `every=$1 pause=$2; shift 2; for address in "$@"; do
    until timeout 13 ping -n -q -i "$every" -c 1 -w 10 "$address" > /dev/null 2>&1; do sleep "$pause"; done
    echo "$address"
  done`;
  const argv = ["sh", "-c", script, "reach", ...pausesS().map(String), ...addresses];
  const { code, stdout, stderr } = await from.tryExec(argv, { deadlineS });
  if (code === 0) return;
  if (code !== TIMED_OUT) throw new Error(`Cannot ping from ${from.name}: exit ${code}: ${stderr}`);
  const answered = stdout.split("\n");
  const silent = addresses.filter((address) => !answered.includes(address))[0];
  throw new Error(`Not within ${deadlineS} s: ${from.name} pings ${silent}`);
}

/** Seconds between two pings, and between two tries; where starting a program is slow, trying must not take the mesh's time. */
function pausesS(): [number, number] {
  const factor = patient(100) / 100;
  return factor < 2 ? [0.05, 0.05] : [0.25, factor / 3];
}
