import { messageOf } from "../model/errors.ts";

/** What a service tells systemd (sd_notify(3)); without systemd nothing is told. */
export interface ServiceManager {
  /** The service works. From now on it also says at intervals that it is alive, where the unit has a watchdog. */
  ready(status: string): void;
  /** The service is about to end. */
  stopping(): void;
}

/** Where the facts come from. */
export interface ServiceSurroundings {
  readonly env: (name: string) => string | undefined;
  /** Told why systemd cannot be told. */
  readonly complain: (line: string) => void;
}

/** A datagram socket on which systemd can be told; systemd knows the sender by its process, so no program may do it for us. */
function openSocket(around: ServiceSurroundings): ((text: string) => void) | undefined {
  const path = around.env("NOTIFY_SOCKET");
  // An address that starts with @ is an abstract one, which Deno cannot name.
  if (path === undefined || !path.startsWith("/")) return undefined;
  const folder = around.env("RUNTIME_DIRECTORY")?.split(":")[0];
  if (folder === undefined) {
    around.complain("cannot tell systemd: the unit has no RuntimeDirectory");
    return undefined;
  }
  const own = `${folder}/notify-${crypto.randomUUID().slice(0, 8)}`;
  try {
    const socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
    // The name was needed for opening it only.
    Deno.removeSync(own);
    const to: Deno.UnixAddr = { transport: "unixpacket", path };
    return (text) => {
      socket.send(new TextEncoder().encode(text), to).catch((error) =>
        around.complain(`cannot tell systemd "${text}": ${messageOf(error)}`)
      );
    };
  } catch (error) {
    around.complain(`cannot tell systemd: ${messageOf(error)}`);
    return undefined;
  }
}

/** The service manager that started this process, if it wants to be told. */
export function serviceManager(around: ServiceSurroundings): ServiceManager {
  const tell = openSocket(around);
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    ready(status) {
      tell?.(`READY=1\nSTATUS=${status}`);
      const limitUs = Number(around.env("WATCHDOG_USEC") ?? "0");
      if (tell === undefined || !(limitUs > 0)) return;
      // Three times within the limit: two may come late.
      timer = setInterval(() => tell("WATCHDOG=1"), limitUs / 3000);
      Deno.unrefTimer(timer);
    },
    stopping() {
      if (timer !== undefined) clearInterval(timer);
      tell?.("STOPPING=1");
    },
  };
}

/** The variable, or undefined when it is not set or may not be read. */
export function readableEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}
