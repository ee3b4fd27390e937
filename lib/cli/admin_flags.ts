import type { ControllerClient } from "../client/controller_client.ts";
import { InputError } from "../model/errors.ts";
import { clientOf, controllerFlags, type ControllerFlagValues } from "./controller_flags.ts";
import { secretFlag } from "./flag.ts";

/** Flags of every command that needs the admin password. */
export const adminFlags = {
  ...controllerFlags,
  password: secretFlag("PASSWORD", "the admin password"),
};

/**
 * The client of an operator.
 * @throws {InputError} when the controller or the password is missing.
 */
export function adminClientOf(
  flags: ControllerFlagValues & { readonly password: string | undefined },
): ControllerClient {
  const client = clientOf(flags, { kind: "none" });
  if (flags.password === undefined || flags.password === "") {
    throw new InputError(
      "--password is missing; give --password-file FILE, or MESHOVER_PASSWORD in the environment",
    );
  }
  return client.as({ kind: "admin", password: flags.password });
}
