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
  // Between two of them it is quiet for four times as long as one took (/proc/uptime counts hundredths of a second).
  const script = `now() { read -r up rest < /proc/uptime; now=\${up%.*}\${up#*.}; }
  for address in "$@"; do
    now
    while began=$now; ! timeout 13 ping -n -q -i 0.1 -c 1 -w 10 "$address" > /dev/null 2>&1; do
      now
      pause=$(( (now - began) * 4 + 5 ))
      [ "$pause" -lt 99 ] || pause=99
      [ "$pause" -gt 9 ] || pause=0$pause
      sleep "0.$pause"
      now
    done
    echo "$address"
  done`;
  const argv = ["sh", "-c", script, "reach", ...addresses];
  const { code, stdout, stderr } = await from.tryExec(argv, { deadlineS });
  if (code === 0) return;
  if (code !== TIMED_OUT) throw new Error(`Cannot ping from ${from.name}: exit ${code}: ${stderr}`);
  const answered = stdout.split("\n");
  const silent = addresses.filter((address) => !answered.includes(address))[0];
  throw new Error(`Not within ${deadlineS} s: ${from.name} pings ${silent}`);
}
