import { addressOf, Crowd } from "./crowd.ts";

/** Peers of the node before another one joins. */
const PEERS = 50;

/** Peers that are sent packets while another one joins. */
const WATCHED = 10;

/** What became of one join. */
export interface CrowdJoin {
  /** Reading FRR's configuration, comparing, and applying the difference, seconds. */
  readonly appliedS: number;
  /** Sessions of the other peers that were lost, until the new one was up. */
  readonly flaps: number;
  /** Echo requests to other peers without an answer, until the new session was up. */
  readonly lost: number;
}

/** Joins of one more peer to a node whose FRR has fifty, each to a crowd that has one more than before. */
export async function joinsToCrowd(
  count: number,
  say: (line: string) => void,
): Promise<CrowdJoin[]> {
  await using crowd = await Crowd.make(PEERS);
  const joins: CrowdJoin[] = [];
  for (let i = 1; i <= count; i++) {
    joins.push(await joinOnce(crowd, PEERS + i));
    const { appliedS, flaps, lost } = joins.at(-1)!;
    say(`applied in ${appliedS.toFixed(2)} s, ${flaps} flaps, ${lost} lost (${i} of ${count})`);
  }
  return joins;
}

async function joinOnce(crowd: Crowd, number: number): Promise<CrowdJoin> {
  const before = await crowd.dropped();
  const streams = Array.from({ length: WATCHED }, (_, i) => {
    return stream(crowd, addressOf(1 + i * Math.floor(PEERS / WATCHED)));
  });
  await crowd.addTunnels(1);
  const started = performance.now();
  await crowd.node.configure(crowd.input());
  const appliedS = (performance.now() - started) / 1000;
  await crowd.linkUp(number);
  await crowd.settle();
  const lost = (await Promise.all(streams.map((stop) => stop())))
    .reduce((sum, one) => sum + one, 0);
  const after = await crowd.dropped();
  const flaps = [...before].reduce((sum, [tunnel, old]) => sum + (after.get(tunnel) ?? 0) - old, 0);
  return { appliedS, flaps, lost };
}

/** Twenty echo requests a second until it is told to stop; then those without an answer. */
function stream({ node }: Crowd, address: string): () => Promise<number> {
  const [program, ...args] = node.enter("ping", "-n", "-i", "0.05", address);
  const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "null" }).spawn();
  const output = child.output();
  return async () => {
    child.kill("SIGINT");
    const text = new TextDecoder().decode((await output).stdout);
    const answered = new Set([...text.matchAll(/icmp_seq=(\d+) ttl=/g)].map((m) => Number(m[1])));
    // Those under way at the end do not count.
    return answered.size === 0 ? Infinity : Math.max(...answered) - answered.size;
  };
}
