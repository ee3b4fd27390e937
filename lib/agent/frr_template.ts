import { FrrSyntaxError } from "../host/frr_syntax_error.ts";
import type { Frr } from "../host/frr.ts";
import type { StateDir } from "../host/state_dir.ts";
import type { TemplateFile } from "../host/template_file.ts";
import { InputError, messageOf, StateError } from "../model/errors.ts";
import { type FrrInput, renderFrrConf, templateLineOf } from "../plan/frr_conf.ts";

/** File of the state directory with the operator's template that FRR took last. */
const GOOD_FILE = "frr-template.good";

/** A configuration that FRR's daemons refused is tried again after this time, seconds: every try changes and undoes some of it. */
const TRY_AGAIN_S = 300;

/**
 * One that was not taken because a daemon ended or hung is tried again after this time, seconds: it may be the configuration
 * that ends it, or another thing.
 */
const TRY_AGAIN_UNSURE_S = 20;

/** What a template is rendered with. */
export interface TemplateParts {
  readonly file: TemplateFile;
  readonly frr: Frr;
  readonly dir: StateDir;
}

/** What FRR is to be told. */
export interface RenderedFrr {
  /** Undefined when there is no template that works, nor was there one. */
  readonly text: string | undefined;
  /** Why the operator's template is not followed; undefined when it is. */
  readonly problem: string | undefined;
}

/** What rendering needs to know besides the values. */
export interface RenderFacts {
  /** Whether FRR answers, so that it can be asked. */
  readonly answers: boolean;
  /** Seconds since 1970. */
  readonly nowS: number;
}

/**
 * Renders the template. One that is broken, or that FRR refuses, is not followed: the one that worked last is, so that
 * what FRR runs stays as it is, and peers still come and go.
 */
export class FrrTemplate {
  readonly #parts: TemplateParts;
  #last: { readonly template: string; readonly input: FrrInput; readonly text: string } | undefined;
  /** The template that FRR took last; undefined while it is not known. */
  #good: string | undefined;
  #refused: { readonly text: string; readonly why: string; readonly until: number } | undefined;
  /** Text that passed FRR's check of the syntax. */
  #checked = "";

  constructor(parts: TemplateParts) {
    this.#parts = parts;
  }

  /** What FRR is to be told now. */
  async render(input: FrrInput, facts: RenderFacts): Promise<RenderedFrr> {
    try {
      const template = await this.#parts.file.read();
      return { text: await this.#vetted(template, input, facts), problem: undefined };
    } catch (error) {
      if (!(error instanceof InputError || error instanceof StateError)) throw error;
      const text = await this.#fallback(input);
      const rest = text === undefined
        ? "FRR is not configured until it is mended"
        : "the template that worked last stays in force";
      return { text, problem: `${messageOf(error)}; ${rest}` };
    }
  }

  /** FRR took this text. */
  async taken(text: string): Promise<void> {
    const { file, dir } = this.#parts;
    this.#refused = undefined;
    if (file.path === undefined || this.#last?.text !== text) return;
    if (this.#good === this.#last.template) return;
    this.#good = this.#last.template;
    await dir.write(GOOD_FILE, this.#good);
  }

  /** FRR did not take this text; `sure` when its daemons refused it and have undone what they took of it. */
  refused(
    text: string,
    refusal: { readonly why: string; readonly nowS: number; readonly sure: boolean },
  ): void {
    const { path } = this.#parts.file;
    // What is built in is tried again at once: another thing than a template is wrong.
    if (path === undefined) return;
    const until = refusal.nowS + (refusal.sure ? TRY_AGAIN_S : TRY_AGAIN_UNSURE_S);
    this.#refused = { text, why: `The FRR template ${path}: ${refusal.why}`, until };
  }

  /** Renders and checks. @throws {InputError} {StateError} naming file and line. */
  async #vetted(
    template: string,
    input: FrrInput,
    { answers, nowS }: RenderFacts,
  ): Promise<string> {
    const { path } = this.#parts.file;
    if (this.#last?.template !== template || this.#last.input !== input) {
      const text = renderFrrConf(template, input, { path });
      this.#last = { template, input, text };
    }
    const { text } = this.#last;
    const refused = this.#refused;
    if (refused?.text === text && nowS < refused.until) throw new StateError(refused.why);
    if (path === undefined || !answers || this.#checked === text) return text;
    await this.#check(template, { input, text, path });
    this.#checked = text;
    return text;
  }

  async #check(
    template: string,
    { input, text, path }: { input: FrrInput; text: string; path: string },
  ): Promise<void> {
    try {
      await this.#parts.frr.check(text);
    } catch (error) {
      if (!(error instanceof FrrSyntaxError)) throw error;
      const line = error.line && templateLineOf(template, input, { line: error.line });
      const where = line === undefined ? "" : ` in line ${line}`;
      throw new InputError(`FRR refuses the template ${path}${where}: ${error.said}`);
    }
  }

  /** What the template that worked last renders to. */
  async #fallback(input: FrrInput): Promise<string | undefined> {
    this.#good ??= await this.#parts.dir.read(GOOD_FILE);
    if (this.#good === undefined) return undefined;
    try {
      return renderFrrConf(this.#good, input);
    } catch (error) {
      // It worked with another version of meshover.
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
}
