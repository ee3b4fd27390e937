import type { IpAddress } from "../model/address.ts";
import { isOwnDevice } from "../plan/names.ts";
import { type Exec, runOrThrow } from "./exec.ts";
import { type IpRoute, splitJson } from "./ip_json.ts";
import { type IpObservation, type IpTexts, PER_FAMILY, readIp } from "./ip_read.ts";

/** What was read last: on a host where nothing happens `ip` prints the same again, and reading 500 devices is dear. */
let last: { readonly texts: IpTexts; readonly read: IpObservation } | undefined;

function readOnce(texts: IpTexts): IpObservation {
  const same = last !== undefined && last.texts.links === texts.links &&
    last.texts.four === texts.four && last.texts.six === texts.six;
  if (!same) last = { texts, read: readIp(texts) };
  return last!.read;
}

/**
 * Observes devices, addresses, meshover's routes and rules, and the sysctls of forwarding, in three runs of `ip`. As long as
 * they say the same, the answer is the same object.
 */
export async function observeIp(exec: Exec): Promise<IpObservation> {
  const ask = (argv: readonly string[], lines: readonly string[]) =>
    runOrThrow(exec, argv, { stdin: lines.map((line) => `${line}\n`).join("") });
  const [links, four, six] = await Promise.all([
    ask(["ip", "-j", "-d", "-batch", "-"], ["address show", "netconf show"]),
    ask(["ip", "-4", "-j", "-batch", "-"], PER_FAMILY),
    ask(["ip", "-6", "-j", "-batch", "-"], PER_FAMILY),
  ]);
  return readOnce({ links, four, six });
}

/** The device that packets to an address leave by; undefined when there is no route. */
export async function outwardDevice(exec: Exec, address: IpAddress): Promise<string | undefined> {
  const result = await exec.run(["ip", "-j", "route", "get", address]);
  if (result.code !== 0) return undefined;
  const [routes] = splitJson<[IpRoute[]]>(result.stdout);
  const dev = routes?.[0]?.dev;
  return dev === undefined || dev === "lo" || isOwnDevice(dev) ? undefined : dev;
}
