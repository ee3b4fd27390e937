import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { makeBundle } from "../tools/bundle.ts";
import { ensurePackages } from "../tools/setup.ts";
import { median, printFigure, progress, quantile } from "./figure.ts";
import { figuresFromMachine } from "./machine_figures.ts";
import { joinsToCrowd } from "./routes/join_crowd.ts";
import { newRoutes } from "./routes/new_routes.ts";
import { silentFailures } from "./routes/silent_failure.ts";

const FAILURES = 20;
const NEW_ROUTES = 10;
const JOINS = 5;

/** Seconds that the virtual machine may take, so that the group stays below twelve minutes. */
const MACHINE_S = 560;

/**
 * How routes come, go and change their way. Times are measured in namespaces of this machine (real FRR, WireGuard in
 * userspace), because what an emulated processor takes for BGP says little; the throughput is a ratio, needs WireGuard and
 * GRE of a kernel, and is measured in the virtual machine.
 */
export async function bench(): Promise<void> {
  await ensurePackages(LAB_PACKAGES, progress);
  await fetchPackages(progress);
  await failure();
  await route();
  await join();
  progress("throughput is measured in the virtual machine, with WireGuard and GRE of its kernel");
  await makeBundle(progress);
  await figuresFromMachine("bench/machine/throughput.ts", {
    timeoutS: MACHINE_S,
    steady: true,
    // It starts faster than the sources, which counts in an emulated processor.
    env: { MESHOVER_BIN: "/meshover/dist/meshover" },
  });
}

const HERE = "namespaces of this machine, wireguard-go and vxlan";

async function failure(): Promise<void> {
  progress(`longest gap when a tunnel fails in one direction: ${HERE}`);
  const gaps = await silentFailures(FAILURES, progress);
  printFigure({
    figure: "routes.silent_failure_lan.p99_s",
    value: quantile(gaps, 0.99),
    samples: gaps.length,
    note: HERE,
  });
}

async function route(): Promise<void> {
  progress(`a new route in a mesh of five: ${HERE}`);
  const times = await newRoutes(NEW_ROUTES, progress);
  printFigure({
    figure: "routes.new_route_5_nodes.median_s",
    value: median(times),
    samples: times.length,
    note: HERE,
  });
}

async function join(): Promise<void> {
  progress("a peer joins fifty: FRR alone in namespaces of this machine, one bgpd for all peers");
  const joins = await joinsToCrowd(JOINS, progress);
  const samples = joins.length;
  const note = "FRR of this machine, fifty tunnels to one bgpd";
  const figure = (name: string, value: number) =>
    printFigure({ figure: `routes.join_50.${name}`, value, samples, note });
  figure("applied.median_s", median(joins.map(({ appliedS }) => appliedS)));
  figure("flaps", Math.max(...joins.map(({ flaps }) => flaps)));
  figure("lost_packets", Math.max(...joins.map(({ lost }) => lost)));
}
