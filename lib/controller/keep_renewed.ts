import { messageOf } from "../model/errors.ts";
import type { Listener } from "./listener.ts";
import type { Log } from "./log.ts";
import type { TlsSource } from "./tls_keeper.ts";

/** What is kept renewed. */
export interface RenewalOptions {
  readonly tls: TlsSource;
  readonly listener: Pick<Listener, "renew">;
  readonly log: Log;
  /** How often it is looked at, milliseconds; SIGHUP looks at once. */
  readonly everyMs?: number;
}

/** Replaces the listener's certificate in time, without a restart; `stop` waits for a replacement that is under way. */
export function keepRenewed(options: RenewalOptions): { stop: () => Promise<void> } {
  let since = Date.now();
  let looking: Promise<void> | undefined;
  const onSignal = () => {
    looking ??= renewIfDue(options, since).then((renewed) => {
      if (renewed) since = Date.now();
      looking = undefined;
    });
  };
  const timer = setInterval(onSignal, options.everyMs ?? 3_600_000);
  Deno.addSignalListener("SIGHUP", onSignal);
  return {
    stop: async () => {
      clearInterval(timer);
      Deno.removeSignalListener("SIGHUP", onSignal);
      await looking;
    },
  };
}

async function renewIfDue(options: RenewalOptions, since: number): Promise<boolean> {
  const { tls, listener, log } = options;
  try {
    if (!await tls.isDue(since)) return false;
    await listener.renew(await tls.pair());
    log("info", "the certificate was replaced");
    return true;
  } catch (error) {
    log("error", `Cannot replace the certificate: ${messageOf(error)}; the old one stays`);
    return false;
  }
}
