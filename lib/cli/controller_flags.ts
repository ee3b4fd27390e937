import { ControllerClient } from "../client/controller_client.ts";
import {
  type ControllerUrl,
  parseControllerUrl,
  requireSafeUrl,
} from "../client/controller_url.ts";
import type { Credential, FetchLike } from "../client/exchange.ts";
import { type ControllerCa, parseControllerCa } from "../client/controller_ca.ts";
import { Connections } from "../client/connections.ts";
import { plainDialer } from "../client/plain_dialer.ts";
import { InputError, messageOf } from "../model/errors.ts";
import { listFlag, switchFlag, valueFlag } from "./flag.ts";

/** Flags of every command that talks to a controller. */
export const controllerFlags = {
  controlserver: listFlag({
    placeholder: "URL,…",
    summary:
      "address of the controller, for example https://controller.example:8080; several for more than one",
    parse: parseControllerUrl,
  }),
  "controller-ca": valueFlag(
    "sha256:HEX|FILE",
    "the CA that the controller's certificate must come from; the system's CAs when left out",
    readControllerCa,
  ),
  "insecure-http": switchFlag("allow http:// to a controller on another machine"),
};

/** Values of {@link controllerFlags}. */
export interface ControllerFlagValues {
  readonly controlserver: readonly ControllerUrl[];
  readonly "controller-ca": ControllerCa | undefined;
  readonly "insecure-http": boolean;
}

/**
 * The client that the flags describe.
 * @throws {InputError} when no controller is given, or one would be talked to in the clear.
 */
export function clientOf(flags: ControllerFlagValues, credential: Credential): ControllerClient {
  if (flags.controlserver.length === 0) {
    throw new InputError(
      "--controlserver is missing; expected for example https://controller.example:8080",
    );
  }
  for (const url of flags.controlserver) {
    requireSafeUrl(url, { insecureHttp: flags["insecure-http"] });
  }
  return new ControllerClient({
    urls: flags.controlserver,
    credential,
    connections: connectionsOf(flags),
  });
}

/** The `fetch` that trusts what the flags say. */
export function fetchOf(flags: ControllerFlagValues): FetchLike {
  return connectionsOf(flags).fetch;
}

function connectionsOf(flags: ControllerFlagValues): Connections {
  const ca = flags["controller-ca"];
  return new Connections(async () => {
    if (ca === undefined) return plainDialer();
    // What it is made of takes a quarter of the start-up time, so it is loaded only where it is needed.
    const { pinnedDialer } = await import("../client/pinned_dialer.ts");
    return pinnedDialer(ca);
  });
}

/** A fingerprint, or a certificate read from a file. */
function readControllerCa(text: string): ControllerCa {
  if (/^sha256:/i.test(text)) return parseControllerCa(text);
  try {
    return parseControllerCa(Deno.readTextFileSync(text));
  } catch (error) {
    if (error instanceof InputError) {
      throw new InputError(`"${text}" does not hold a PEM certificate`);
    }
    throw new InputError(
      `"${text}" is neither sha256:HEX nor a file that can be read: ${messageOf(error)}`,
    );
  }
}
