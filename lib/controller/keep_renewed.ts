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

/** Replaces the listener's certificate in time, without a restart. */
export function keepRenewed(options: RenewalOptions): { stop: () => void } {
  const { tls, listener, log } = options;
  let since = Date.now();
  const look = async () => {
    try {
      if (!await tls.isDue(since)) return;
      await listener.renew(await tls.pair());
      since = Date.now();
      log("info", "the certificate was replaced");
    } catch (error) {
      log("error", `Cannot replace the certificate: ${messageOf(error)}; the old one stays`);
    }
  };
  const onSignal = () => void look();
  const timer = setInterval(onSignal, options.everyMs ?? 3_600_000);
  Deno.addSignalListener("SIGHUP", onSignal);
  return {
    stop: () => {
      clearInterval(timer);
      Deno.removeSignalListener("SIGHUP", onSignal);
    },
  };
}
