import { StateError } from "../model/errors.ts";
import { chooseParts, type Parts } from "./choose_parts.ts";
import { type Check, failed, ok, warning } from "./doctor_check.ts";
import type { DoctorFacts, FrrFact } from "./doctor_facts.ts";

/** Debian's packages of the programs that the agent runs. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: "iproute2",
  ss: "iproute2",
  wg: "wireguard-tools",
  nft: "nftables",
  sysctl: "procps",
  unshare: "util-linux",
  "wireguard-go": "wireguard-go",
};

/** Oldest FRR that meshover is tried with. */
const OLDEST_FRR = [8, 4] as const;

/** Whether the caller may change the network. */
export function checkRoot({ uid }: DoctorFacts): Check {
  return uid === 0 ? ok("root", "running as root") : failed(
    "root",
    `running as user ${uid}`,
    "run it with sudo: devices, routes and WireGuard need root, and so do most of these checks",
  );
}

/** The programs that the agent runs whatever its options. */
export function checkPrograms(facts: DoctorFacts): Check {
  const needed = facts.programs.filter(({ program }) =>
    program !== "wireguard-go" && (program !== "nft" || facts.firewall)
  );
  const missing = needed.filter((p) => p.version === undefined).map((p) => p.program);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PACKAGES[program] ?? program))];
    return failed(
      "programs",
      `missing: ${missing.join(", ")}`,
      `install them: apt-get install ${packages.join(" ")}`,
    );
  }
  const shown = facts.programs.filter((p) => p.version !== undefined);
  return ok("programs", shown.map((p) => `${p.program} ${p.version}`.trim()).join(", "));
}

function partsOf(facts: DoctorFacts): Parts | string {
  try {
    return chooseParts(facts.wishes, facts.capabilities);
  } catch (error) {
    if (error instanceof StateError) return error.message;
    throw error;
  }
}

/** Which modules stand behind what the kernel would not make. */
function missingModules({ capabilities: can }: DoctorFacts): string[] {
  return [
    ...(can.wireguard ? [] : ["wireguard"]),
    ...(can.gre ? [] : ["ip_gre"]),
    ...(can.dummy ? [] : ["dummy"]),
  ];
}

function moduleRemedy(facts: DoctorFacts, missing: readonly string[]): string {
  const onDisk = missing.filter((name) => facts.modulesOnDisk.includes(name));
  if (onDisk.length > 0) {
    return `they are on disk and not loaded: modprobe -a ${
      onDisk.join(" ")
    } (a container needs its host to do so)`;
  }
  return "nothing to do if the speed is enough; otherwise run a kernel that has them (Debian: linux-image-amd64; a container uses its host's)";
}

/** Devices that the kernel can make, by having tried each in a namespace of its own. */
export function checkKernel(facts: DoctorFacts): Check {
  if (facts.uid !== 0) {
    return warning("kernel", "not tried: only root may make devices", "run it with sudo");
  }
  const parts = partsOf(facts);
  const missing = missingModules(facts);
  if (typeof parts === "string") {
    const onDisk = missing.filter((name) => facts.modulesOnDisk.includes(name));
    const load = onDisk.length > 0 ? `modprobe -a ${onDisk.join(" ")}; or ` : "";
    return failed("kernel", parts, `${load}run a kernel with the modules wireguard, ip_gre, dummy`);
  }
  const taken = `WireGuard ${parts.wg}, tunnels ${
    parts.tunnels.join(" or ")
  }, ${parts.dummy} device`;
  if (missing.length === 0) return ok("kernel", `${facts.kernel}: ${taken}`);
  return warning(
    "kernel",
    `${facts.kernel} has no ${missing.join(", no ")}; taken instead: ${taken}`,
    moduleRemedy(facts, missing),
  );
}

function checkEngine(frr: FrrFact): Check {
  if (frr.version === undefined) {
    return failed(
      "frr",
      `--frr ${frr.backend}: ${frr.backend} is not installed`,
      "install it, or use --frr system with the package frr",
    );
  }
  if (frr.engineError === undefined) return ok("frr", `${frr.backend} ${frr.version} answers`);
  return failed(
    "frr",
    `${frr.backend} ${frr.version} does not answer: ${frr.engineError}`,
    `start it (systemctl start ${
      frr.backend === "nerdctl" ? "containerd" : frr.backend
    }), or use --frr system`,
  );
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST_FRR[0] || major === OLDEST_FRR[0] && minor < OLDEST_FRR[1];
}

/** FRR, in the way that the agent is to run it. */
export function checkFrr({ frr }: DoctorFacts): Check {
  if (frr.backend === "none") {
    return warning(
      "frr",
      "--frr none: meshover configures no BGP",
      "nothing to do if you run BGP over the tunnels yourself; otherwise use another --frr",
    );
  }
  if (frr.backend !== "system") return checkEngine(frr);
  if (frr.version === undefined || frr.missingDaemons.length > 0) {
    const what = frr.version === undefined ? "FRR" : frr.missingDaemons.join(", ");
    return failed(
      "frr",
      `--frr system: ${what} not installed`,
      "apt-get install frr frr-pythontools, or use --frr docker, podman or nerdctl",
    );
  }
  if (!isOld(frr.version)) return ok("frr", `FRR ${frr.version} on this system`);
  return warning(
    "frr",
    `FRR ${frr.version} is older than ${
      OLDEST_FRR.join(".")
    }, the oldest that meshover is tried with`,
    "install a newer one, or use --frr docker, podman or nerdctl",
  );
}

/** The directory with the node's key and identity. */
export function checkStateDir({ stateDir }: DoctorFacts): Check {
  const { path, exists, problem, open, exposed, freeBytes } = stateDir;
  if (problem !== undefined) {
    return failed(
      "state",
      `${path}: ${problem}`,
      "make it usable for root, or choose another --statedir",
    );
  }
  if (!exists) return ok("state", `${path} does not exist yet; the agent makes it`);
  if (exposed.length > 0) {
    return failed(
      "state",
      `others than root may read ${exposed.join(", ")} in ${path}`,
      `chmod 700 ${path}; chmod 600 ${exposed.map((name) => `${path}/${name}`).join(" ")}`,
    );
  }
  if (freeBytes !== undefined && freeBytes < 10 * 1024 * 1024) {
    return warning(
      "state",
      `${path} has ${Math.floor(freeBytes / 1024)} KiB left: the known mesh cannot be saved soon`,
      "free some space: without a saved mesh a reboot needs the controller",
    );
  }
  if (open) {
    return warning(
      "state",
      `others than root may look into ${path}; the secrets in it are for root only`,
      `chmod 700 ${path}`,
    );
  }
  return ok("state", `${path} is there, for root only`);
}

/** Whether an agent works here, and what it could not do. */
export function checkAgent({ agent }: DoctorFacts): Check {
  const { statusAgeS, failed: problems } = agent;
  if (statusAgeS === undefined) return ok("agent", "no agent has run here yet");
  if (statusAgeS > 60) {
    return warning(
      "agent",
      `the agent has written nothing for ${Math.round(statusAgeS)} s`,
      "start it again (systemctl start meshover-agent); the network stays up meanwhile",
    );
  }
  if (problems.length === 0) return ok("agent", "the agent works and has nothing left to do");
  return failed(
    "agent",
    `the agent cannot ${problems[0]}${
      problems.length > 1 ? `, and ${problems.length - 1} more` : ""
    }`,
    'see "meshover status" and the checks that failed here',
  );
}
