import { parse } from "yaml";
import { InputError, messageOf } from "../model/errors.ts";

/**
 * Reads the text of a `--config` file: a YAML mapping of flag names to values.
 * @throws {InputError} naming the file and what is wrong in it.
 */
export function readConfigFile(path: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new InputError(`Cannot read ${path} as YAML: ${messageOf(error).split("\n")[0]}`);
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new InputError(
      `${path} does not hold a table of flags; expected lines such as "hostname: node1"`,
    );
  }
  return value as Readonly<Record<string, unknown>>;
}
