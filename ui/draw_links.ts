/// <reference lib="dom" />
import type { LinkFault } from "../lib/model/mesh_view.ts";
import type { Line, Picture } from "./picture_model.ts";
import type { Place } from "./picture_places.ts";

/** Colours of the page, by name of their CSS variable. */
export type Colour = (name: string) => string;

const FAULT_COLOURS: Readonly<Record<LinkFault, string>> = {
  "no-handshake": "--bad",
  "bgp-down": "--warn",
  silent: "--silent",
};

/** Prepares a canvas for a size in CSS pixels, on displays of any density. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  size: { width: number; height: number },
): CanvasRenderingContext2D | null {
  const ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, size.width, size.height);
  return context;
}

/** Draws the links that are well, as one path: however many there are, together they are one faint web. */
export function drawWeb(
  context: CanvasRenderingContext2D,
  options: { picture: Picture; places: readonly Place[]; colour: Colour },
): void {
  const { picture: { well }, places, colour } = options;
  context.strokeStyle = colour("--web");
  context.lineWidth = well.length > 4000 ? 0.4 : 1;
  context.beginPath();
  for (let i = 0; i < well.length; i += 2) addLine(context, places[well[i]!], places[well[i + 1]!]);
  context.stroke();
}

/** Draws the links that are not well, the gravest last. */
export function drawFaults(
  context: CanvasRenderingContext2D,
  options: { picture: Picture; places: readonly Place[]; colour: Colour },
): void {
  const { picture: { faults }, places, colour } = options;
  const many = faults.length > 300;
  for (const kind of ["silent", "bgp-down", "no-handshake"] as const) {
    const lines = faults.filter((line) => line.fault === kind);
    if (lines.length === 0) continue;
    context.globalAlpha = kind === "silent" ? 0.5 : many ? 0.6 : 1;
    strokeLines(context, {
      lines,
      places,
      colour: colour(FAULT_COLOURS[kind]),
      dashed: kind !== "bgp-down",
      thin: many,
    });
  }
  context.globalAlpha = 1;
}

function strokeLines(
  context: CanvasRenderingContext2D,
  options: {
    lines: readonly Line[];
    places: readonly Place[];
    colour: string;
    dashed: boolean;
    thin: boolean;
  },
): void {
  const { lines, places, colour, dashed, thin } = options;
  context.strokeStyle = colour;
  context.setLineDash(dashed ? [5, 4] : []);
  const widths = Map.groupBy(lines, (line) => thin ? 1 : Math.min(6, 2.2 + Math.log2(line.size)));
  for (const [width, some] of widths) {
    context.lineWidth = width;
    context.beginPath();
    for (const line of some) addBow(context, places[line.a], places[line.b]);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Draws the links of one dot that are well, over everything. */
export function drawOwnLinks(
  context: CanvasRenderingContext2D,
  options: { picture: Picture; places: readonly Place[]; index: number; colour: Colour },
): void {
  const { picture: { well }, places, index, colour } = options;
  context.strokeStyle = colour("--accent");
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  context.beginPath();
  for (let i = 0; i < well.length; i += 2) {
    if (well[i] === index || well[i + 1] === index) {
      addLine(context, places[well[i]!], places[well[i + 1]!]);
    }
  }
  context.stroke();
}

function addLine(
  context: CanvasRenderingContext2D,
  from: Place | undefined,
  to: Place | undefined,
): void {
  if (from === undefined || to === undefined) return;
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
}

/** How far a bow bends to the middle of the picture: links of neighbours would be hidden by their dots otherwise. */
const BEND = 0.3;

function addBow(
  context: CanvasRenderingContext2D,
  from: Place | undefined,
  to: Place | undefined,
): void {
  if (from === undefined || to === undefined) return;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const { middle } = from;
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(x + (middle.x - x) * BEND, y + (middle.y - y) * BEND, to.x, to.y);
}
