import { messageOf, StateError } from "../model/errors.ts";

/** A template: the operator's file, which may change at any time, or the one that is built in. */
export class TemplateFile {
  /** Path of the operator's file; undefined for the one that is built in. */
  readonly path: string | undefined;
  readonly #builtIn: string;

  constructor(options: { readonly path: string | undefined; readonly builtIn: string }) {
    this.path = options.path;
    this.#builtIn = options.builtIn;
  }

  /** What it says now. @throws {StateError} when the file cannot be read. */
  async read(): Promise<string> {
    if (this.path === undefined) return this.#builtIn;
    try {
      return await Deno.readTextFile(this.path);
    } catch (error) {
      throw new StateError(`Cannot read the FRR template ${this.path}: ${messageOf(error)}`);
    }
  }
}
