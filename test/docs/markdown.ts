/** A piece of code in a document: an inline span, or one command line of a block. */
export interface Fragment {
  readonly text: string;
  /** Line of the document where it begins, from 1. */
  readonly line: number;
  readonly inline: boolean;
}

/** A link or an image. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

interface Line {
  readonly text: string;
  readonly number: number;
  readonly isCode: boolean;
}

function linesOf(text: string): Line[] {
  let isCode = false;
  const lines: Line[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trimStart().startsWith("```")) isCode = !isCode;
    else lines.push({ text: line, number: index + 1, isCode });
  }
  return lines;
}

/** Code of a Markdown text. Lines of a block that end with a backslash go on in the next. */
export function fragmentsOf(text: string): Fragment[] {
  const fragments: Fragment[] = [];
  let open: Fragment | undefined;
  for (const { text: line, number, isCode } of linesOf(text)) {
    if (!isCode) {
      for (const [, span] of line.matchAll(/`([^`]+)`/g)) {
        fragments.push({ text: span!.replaceAll("\\|", "|"), line: number, inline: true });
      }
      continue;
    }
    const start: Fragment = open ?? { text: "", line: number, inline: false };
    const joined = { ...start, text: start.text + line.replace(/\\$/, "") };
    open = line.endsWith("\\") ? joined : undefined;
    if (open === undefined) fragments.push(joined);
  }
  return fragments;
}

/** Links and images of a Markdown text, code left out. */
export function linksOf(text: string): Link[] {
  return linesOf(text).filter((line) => !line.isCode).flatMap(({ text: line, number }) =>
    [...line.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({
      target: target!,
      line: number,
    }))
  );
}

/** The name that GitHub gives a heading: lower case, punctuation left out, spaces become dashes. */
export function anchorOf(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** A heading and what stands under it, up to the next heading of any depth. */
export interface Section {
  readonly heading: string;
  readonly body: string;
}

/** Sections of a Markdown text. */
export function sectionsOf(text: string): Section[] {
  const sections: { heading: string; body: string }[] = [];
  for (const { text: line, isCode } of linesOf(text)) {
    const heading = isCode ? undefined : /^#{1,6} (.+)$/.exec(line)?.[1];
    if (heading !== undefined) sections.push({ heading, body: "" });
    else if (sections.length > 0) sections.at(-1)!.body += `${line}\n`;
  }
  return sections;
}
