import type { DroppingChain } from "../plan/doctor_facts.ts";
import { NFT_TABLE } from "../plan/firewall.ts";
import { ask } from "./doctor_programs.ts";
import type { Exec } from "./exec.ts";

interface NftChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

/** Reads `nft -j list chains`: base chains whose policy is to drop. */
export function parseNftChains(text: string): readonly DroppingChain[] {
  let rows: readonly { readonly chain?: NftChain }[];
  try {
    rows = (JSON.parse(text) as { nftables?: typeof rows }).nftables ?? [];
  } catch {
    return [];
  }
  return rows.flatMap(({ chain }) => {
    if (chain === undefined || chain.policy !== "drop") return [];
    if (`${chain.family} ${chain.table}` === NFT_TABLE) return [];
    if (chain.hook !== "input" && chain.hook !== "forward") return [];
    return [{ hook: chain.hook, name: `nftables ${chain.family} ${chain.table} ${chain.name}` }];
  });
}

/** Reads `iptables -S`: `-P FORWARD DROP`. */
export function parseIptablesPolicies(text: string): readonly DroppingChain[] {
  const found = [...text.matchAll(/^-P (INPUT|FORWARD) DROP$/gm)];
  return found.map(([, chain]) => ({
    hook: chain === "INPUT" ? "input" : "forward",
    name: `iptables ${chain}`,
  }));
}

/** Packet filter chains that drop by default, without meshover's own. Old iptables do not show up in nftables. */
export async function droppingChains(exec: Exec): Promise<readonly DroppingChain[]> {
  const nft = await ask(exec, ["nft", "-j", "list", "chains"]);
  const chains = parseNftChains(nft?.stdout ?? "");
  const version = await ask(exec, ["iptables", "-V"]);
  if (version === undefined || !version.stdout.includes("legacy")) return chains;
  const legacy = await ask(exec, ["iptables", "-S"]);
  return [...chains, ...parseIptablesPolicies(legacy?.stdout ?? "")];
}
