/**
 * The lines by which FRR forgets its neighbours on these devices, as far as its running configuration has any. A device that is
 * made anew is another one to FRR: the bgpd of FRR 10 does not begin the BFD session of a neighbour again whose device was
 * deleted under it, and as long as BFD is down the other side refuses the BGP session. A neighbour that was forgotten begins anew.
 */
export function forgetLines(running: string, devices: readonly string[]): readonly string[] {
  if (devices.length === 0) return [];
  const lines: string[] = [];
  let router: string | undefined;
  for (const line of running.split("\n")) {
    if (/^\S/.test(line)) router = line.startsWith("router bgp ") ? line.trim() : undefined;
    const device = /^ neighbor (\S+) interface\b/.exec(line)?.[1];
    if (router === undefined || device === undefined || !devices.includes(device)) continue;
    lines.push(router, `no ${line.trim()}`, "exit");
  }
  return lines;
}
