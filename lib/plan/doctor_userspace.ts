import { familyOf } from "../model/address.ts";
import type { Capabilities, Wishes } from "./choose_parts.ts";
import { type Check, warning } from "./doctor_check.ts";
import type { DoctorFacts } from "./doctor_facts.ts";

/**
 * From this version on wireguard-go may cut an IPv6 address short after it has sent to an IPv4 one (github.com/WireGuard/wireguard-go,
 * pull request 135, open). Versions end with a date.
 */
const FIRST_THAT_CUTS = 20_230_223;

function usesUserspace(wishes: Wishes, can: Capabilities): boolean {
  return can.wireguardGo && (wishes.wg === "userspace" || wishes.wg === "auto" && !can.wireguard);
}

/** A wireguard-go that loses packets where both families are in use; nothing is said of any other. */
export function checkUserspace(facts: DoctorFacts): readonly Check[] {
  if (!usesUserspace(facts.wishes, facts.capabilities)) return [];
  const { version = "" } = facts.programs.find((p) => p.program === "wireguard-go") ?? {};
  const date = Number(version.split(".").at(-1));
  const families = new Set(facts.underlay?.candidates.map(familyOf));
  if (!(date >= FIRST_THAT_CUTS) || families.size < 2) return [];
  return [warning(
    "wireguard-go",
    `wireguard-go ${version} sometimes sends to a wrong IPv6 address where other peers are reached by IPv4: sessions with peers over IPv6 may not come up`,
    "run a kernel with WireGuard, or name one address for peers to reach this node by: --underlay ADDRESS",
  )];
}
