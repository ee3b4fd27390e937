import type { Dot } from "./picture_model.ts";

/** Where a dot and its label are. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** Of the picture. */
  readonly middle: { readonly x: number; readonly y: number };
  /** Where the label begins, or ends when `anchor` is `end`. */
  readonly labelX: number;
  readonly labelY: number;
  readonly anchor: "start" | "middle" | "end";
  /** Degrees that the label is turned. */
  readonly turn: number;
  readonly showLabel: boolean;
}

/** Pixels that a label needs across, and a letter along. */
const LINE = 12;
const LETTER = 7;
const MAX_LETTERS = 24;

/** A label that fits. */
export function shortLabel(dot: Dot): string {
  const text = dot.size > 1 ? `${dot.label} · ${dot.size}` : dot.label;
  return text.length > MAX_LETTERS ? `${text.slice(0, MAX_LETTERS - 1)}…` : text;
}

/** What all places have in common. */
interface Ring {
  readonly rx: number;
  readonly ry: number;
  /** Whether labels are turned outwards. */
  readonly turned: boolean;
  /** Whether there is room for labels at all. */
  readonly labelled: boolean;
  /** Pixels from one dot to the next. */
  readonly across: number;
}

function ringOf(dots: readonly Dot[], size: { width: number; height: number }): Ring {
  const { width, height } = size;
  const n = dots.length;
  if (n === 1) return { rx: 0, ry: 0, turned: false, labelled: true, across: 100 };
  const longest = Math.max(0, ...dots.map((dot) => shortLabel(dot).length)) * LETTER + 16;
  for (const turned of [false, true]) {
    const ry = height / 2 - (turned ? longest : 36);
    const rx = Math.min(ry, width / 2 - longest);
    const across = (2 * Math.PI * Math.min(rx, ry)) / n;
    // Upright labels are side by side at the top; turned ones need only their height around the circle.
    const fits = turned ? across > LINE : across > 2.6 * LINE && (n <= 14 || across > longest);
    if (fits && rx > (turned ? 100 : 70)) {
      return { rx, ry: rx, turned, labelled: true, across };
    }
  }
  const ry = height / 2 - 24;
  const rx = Math.min(width / 2 - 24, ry * 1.7);
  return { rx, ry, turned: false, labelled: false, across: (Math.PI * (rx + ry)) / n };
}

/**
 * Places on a circle, in the order of the names: a node that comes or goes hardly moves the others, and no look is spent on
 * where they are but on the lines between them.
 */
export function placesOf(
  dots: readonly Dot[],
  size: { width: number; height: number },
): Place[] {
  const ring = ringOf(dots, size);
  const biggest = Math.max(1, ...dots.map((dot) => dot.size));
  return dots.map((dot, index) => {
    const angle = (index / dots.length) * 2 * Math.PI - Math.PI / 2;
    const r = biggest === 1
      ? Math.max(2.5, Math.min(11, ring.across * 0.32))
      : Math.max(4, Math.min(24, ring.across * 0.45) * Math.sqrt(dot.size / biggest));
    return placeAt(angle, { ring, r, size });
  });
}

function placeAt(
  angle: number,
  options: { ring: Ring; r: number; size: { width: number; height: number } },
): Place {
  const { ring, r, size } = options;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const x = size.width / 2 + cos * ring.rx;
  const y = size.height / 2 + sin * ring.ry;
  const left = cos < -0.01;
  const gap = r + 7;
  const upright = Math.abs(cos) < 0.3 && !ring.turned;
  // A label that is shown only for the dot one points at must stay inside the picture.
  const inward = !ring.labelled && !upright;
  return {
    x,
    y,
    r,
    middle: { x: size.width / 2, y: size.height / 2 },
    labelX: x + (upright ? 0 : inward ? -cos * gap : cos * gap),
    labelY: y +
      (upright
        ? (sin < 0 ? -gap - 1 : gap + 10)
        : sin * (inward ? -gap : gap) + (ring.turned ? 0 : 4)),
    anchor: upright ? "middle" : left !== inward ? "end" : "start",
    turn: ring.turned ? (angle * 180) / Math.PI + (left ? 180 : 0) : 0,
    showLabel: ring.labelled,
  };
}
