import type { CiliumFact } from "../plan/doctor_facts.ts";
import { ask } from "./doctor_programs.ts";
import type { Exec } from "./exec.ts";

/** Devices by which Cilium tunnels packets of pods itself. */
const CILIUM_TUNNELS: readonly string[] = ["cilium_vxlan", "cilium_geneve"];

/** Whether a time service keeps the clock right, as systemd sees it; undefined where it does not tell. */
export async function ntpSynchronised(exec: Exec): Promise<boolean | undefined> {
  const result = await ask(exec, ["timedatectl", "show", "-p", "NTPSynchronized", "--value"]);
  const word = result?.stdout.trim();
  return word === "yes" ? true : word === "no" ? false : undefined;
}

/** Name and release of the kernel. */
export async function kernelRelease(exec: Exec): Promise<string> {
  return (await ask(exec, ["uname", "-sr"]))?.stdout.trim() || "this kernel";
}

/** The user that this runs as. */
export async function userId(exec: Exec): Promise<number> {
  return Number((await ask(exec, ["id", "-u"]))?.stdout.trim() || "-1");
}

async function ciliumConfig(exec: Exec): Promise<CiliumFact["config"]> {
  const argv = ["kubectl", "--request-timeout=3s", "-n", "kube-system", "get", "configmap"];
  const result = await ask(exec, [...argv, "cilium-config", "-o", "json"]);
  if (result?.code !== 0) return undefined;
  try {
    return (JSON.parse(result.stdout) as { data?: Record<string, string> }).data;
  } catch {
    return undefined;
  }
}

/** Looks for Cilium by its devices, and asks Kubernetes for its settings when it is there. */
export async function findCilium(exec: Exec, devices: readonly string[]): Promise<CiliumFact> {
  const tunnelDevice = devices.find((name) => CILIUM_TUNNELS.includes(name));
  const present = tunnelDevice !== undefined || devices.includes("cilium_host");
  return { present, tunnelDevice, config: present ? await ciliumConfig(exec) : undefined };
}

/** One echo request of `size` bytes in all that may not be fragmented; false without an answer or without the program. */
export async function echoes(
  exec: Exec,
  to: { readonly address: string; readonly size: number },
): Promise<boolean> {
  // 20 bytes of IPv4 header and 8 of ICMP are not counted by ping's -s.
  const argv = ["ping", "-n", "-c", "1", "-W", "1", "-M", "do", "-s", String(to.size - 28)];
  return (await ask(exec, [...argv, to.address]))?.code === 0;
}
