import { ControllerClient } from "../client/controller_client.ts";
import {
  type ControllerUrl,
  parseControllerUrl,
  requireSafeUrl,
} from "../client/controller_url.ts";
import type { Credential } from "../client/exchange.ts";
import { InputError } from "../model/errors.ts";
import { listFlag, switchFlag } from "./flag.ts";

/** Flags of every command that talks to a controller. */
export const controllerFlags = {
  controlserver: listFlag({
    placeholder: "URL,…",
    summary:
      "address of the controller, for example https://controller.example:8080; several for more than one",
    parse: parseControllerUrl,
  }),
  "insecure-http": switchFlag("allow http:// to a controller on another machine"),
};

/** Values of {@link controllerFlags}. */
export interface ControllerFlagValues {
  readonly controlserver: readonly ControllerUrl[];
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
  return new ControllerClient({ urls: flags.controlserver, credential });
}
