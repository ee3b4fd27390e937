import type { LabHost } from "./lab_host.ts";
import { STATE_DIR } from "./mesh.ts";
import { productCommand } from "./product.ts";

/** Seconds that each question may take: a host in trouble may not answer. */
const DEADLINE_S = 15;

/** Lines of each answer that are shown. */
const SHOWN = 25;

/** What tells why a node does not do what it should: programs that hang, its routes, what BGP knows, what its agent says. */
const QUESTIONS: readonly (readonly string[])[] = [
  [
    "sh",
    "-c",
    "ps -eo etime,stat,args | grep -E '[v]tysh -|[n]ft -|[i]p .*-batch' | grep -v ' 00:00 ' | cut -c1-150",
  ],
  ["sh", "-c", "ip route show proto bgp; ip route show proto kernel | grep via"],
  ["sh", "-c", "vtysh -c 'show bgp ipv4 unicast' | grep '^ *[*]'"],
  ["sh", "-c", "vtysh -c 'show running-config bgpd' | grep -E '^ +network'"],
  [...productCommand(), "status", "--statedir", STATE_DIR],
];

/** What a host looks like now, line by line, for the report of a scenario that failed. */
export async function diagnose(host: LabHost): Promise<string[]> {
  const answers = await Promise.all(QUESTIONS.map(async (question) => {
    try {
      const { stdout, stderr } = await host.tryExec(question, { deadlineS: DEADLINE_S });
      return `${stdout}${stderr}`.split("\n").filter((line) => line !== "").slice(0, SHOWN);
    } catch (error) {
      return [`${question.join(" ")}: ${String(error)}`];
    }
  }));
  return answers.flat().map((line) => `${host.name} now: ${line}`);
}
