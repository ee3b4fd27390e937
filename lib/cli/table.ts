import { type Paint, plain, type Tone } from "./paint.ts";

/** A cell: a text, or a text whose colour says something. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** Rows as aligned text, the first one the heading; trailing blanks are cut. */
export function table(rows: readonly (readonly Cell[])[], paint: Paint = plain): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => textOf(row[column] ?? "").length))
  );
  return rows.map((row) => line(row, { widths, paint })).join("\n");
}

function line(
  row: readonly Cell[],
  options: { readonly widths: readonly number[]; readonly paint: Paint },
): string {
  const { widths, paint } = options;
  const last = row.findLastIndex((cell) => textOf(cell) !== "");
  return row.slice(0, last + 1).map((cell, i) => {
    const text = textOf(cell);
    const shown = typeof cell === "string" ? text : paint(text, cell.tone);
    return i === last ? shown : shown + " ".repeat(widths[i]! - text.length);
  }).join("  ");
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}
