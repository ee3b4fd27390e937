import { InputError } from "../model/errors.ts";

/** A configuration that FRR does not understand. */
export class FrrSyntaxError extends InputError {
  /** Line of the configuration, from 1; undefined when FRR did not say. */
  readonly line: number | undefined;
  /** FRR's own words. */
  readonly said: string;

  constructor(where: { readonly line: number | undefined; readonly said: string }) {
    const line = where.line === undefined ? "" : ` in line ${where.line}`;
    super(`FRR refuses the configuration${line}: ${where.said}`);
    this.line = where.line;
    this.said = where.said;
  }
}
