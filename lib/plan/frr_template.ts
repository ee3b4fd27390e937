// @ts-types="@types/mustache"
import Mustache from "mustache";
import { InputError, messageOf } from "../model/errors.ts";

/** A value that a template can name: text, a number, a switch, or a list to repeat over. */
export type TemplateValue =
  | string
  | number
  | boolean
  | readonly (string | TemplateView)[];

/** The values of a template, by name. */
export interface TemplateView {
  readonly [name: string]: TemplateValue;
}

/** A token of `Mustache.parse`: kind, value, first and last character, and for sections what is inside. */
type Token = [string, string, number, number, Token[]?];

function lineOf(template: string, at: number): number {
  return template.slice(0, at).split("\n").length;
}

function parse(template: string, called: string): Token[] {
  try {
    return Mustache.parse(template) as unknown as Token[];
  } catch (error) {
    const message = messageOf(error);
    const at = / at (\d+)$/.exec(message);
    const where = at === null ? "" : ` in line ${lineOf(template, Number(at[1]))}`;
    throw new InputError(
      `Cannot read ${called}${where}: ${message.replace(/ at \d+$/, "")}`,
    );
  }
}

/**
 * Mustache writes nothing for a name that it does not know, so a typing error would silently drop a filter: every name
 * must be one of `names`.
 */
function checkNames(tokens: readonly Token[], context: NameContext): void {
  for (const [kind, name, start, , inside] of tokens) {
    if (kind === "text" || kind === "!" || kind === "=") continue;
    if (kind === ">") {
      throw new InputError(
        `Cannot use ${context.called}: it has a partial, {{>${name}}}, in line ${
          lineOf(context.template, start)
        }: there are none`,
      );
    }
    if (name !== "." && !context.names.has(name)) {
      throw new InputError(
        `Cannot use ${context.called}: it names "${name}" in line ${
          lineOf(context.template, start)
        }: there is no such variable; known are ${[...context.names].sort().join(", ")}`,
      );
    }
    if (inside !== undefined) checkNames(inside, context);
  }
}

interface NameContext {
  readonly called: string;
  readonly template: string;
  readonly names: ReadonlySet<string>;
}

/** How to render: the values, and the names that exist only inside a list, so that they are known when it is empty. */
export interface RenderOptions {
  readonly view: TemplateView;
  readonly listNames: readonly string[];
  /** Path of the template, for errors. */
  readonly path?: string | undefined;
}

/** What a template is called in errors. */
export function calledTemplate(path: string | undefined): string {
  return path === undefined ? "the FRR template" : `the FRR template ${path}`;
}

/**
 * Renders a mustache template to plain text (nothing is escaped as HTML).
 * @throws {InputError} naming the line, for a template that mustache cannot read or that names an unknown variable.
 */
export function renderTemplate(template: string, options: RenderOptions): string {
  const names = new Set([...Object.keys(options.view), ...options.listNames]);
  const called = calledTemplate(options.path);
  checkNames(parse(template, called), { called, template, names });
  return Mustache.render(template, options.view, {}, { escape: String });
}

/** Stands before the number of a line of the template; nothing that FRR or mustache knows. */
const MARK = "\u0001";

/** Tags that leave no text: a line that holds nothing else vanishes as a whole, so that no mark may stand there. */
const SILENT_TAG = /\{\{[#^/!>=][^]*?\}\}/g;

/** A template with the number of each line at its end. */
function marked(template: string): string {
  const text = template.replaceAll(SILENT_TAG, (tag) => tag.replaceAll(/[^\n]/g, "")).split("\n");
  return template.split("\n")
    .map((line, index) => text[index]!.trim() === "" ? line : `${line}${MARK}${index + 1}`)
    .join("\n");
}

/** The line of a template that a line of what it renders to came from; both from 1. Undefined when that is not known. */
export function originLine(
  template: string,
  options: RenderOptions & { readonly line: number },
): number | undefined {
  const rendered = Mustache.render(marked(template), options.view, {}, { escape: String })
    .split("\n");
  const mark = rendered[options.line - 1]?.split(MARK)[1];
  return mark === undefined ? undefined : Number(mark);
}
