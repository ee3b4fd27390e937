/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { drawFaults, drawOwnLinks, drawWeb, prepareCanvas } from "./draw_links.ts";
import type { Picture } from "./picture_model.ts";
import { type Place, placesOf, shortLabel } from "./picture_places.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The mesh as a picture: dots on a circle, lines between them. Arrow keys go from dot to dot. */
export function MeshPicture({ picture }: { picture: Picture }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box, picture.dots.length);
  const [active, setActive] = useState(-1);
  const [tabStop, setTabStop] = useState(0);
  const places = useMemo(() => placesOf(picture.dots, size), [picture.dots, size]);
  const web = useDrawing(drawWeb, { picture, places, size });
  const faults = useDrawing(drawFaults, { picture, places, size });
  const own = useOwnLinks({ picture, places, size, active });
  useEffect(() => markPainted(), []);
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || picture.dots.length === 0) return;
    event.preventDefault();
    const next = (tabStop + step + picture.dots.length) % picture.dots.length;
    setTabStop(next);
    box.current?.querySelectorAll<SVGAElement>("a")[next]?.focus();
  };
  return (
    <div class="picture" ref={box} onKeyDown={onKey}>
      <canvas
        ref={web}
        class={picture.well.length > 1000 ? "web dense" : "web"}
        aria-hidden="true"
      />
      <canvas ref={faults} aria-hidden="true" />
      <canvas ref={own} aria-hidden="true" />
      <svg
        width={size.width}
        height={size.height}
        role="group"
        aria-label={`The mesh as a picture; ${
          picture.grouped ? "groups of nodes" : "nodes"
        }, arrow keys move between them`}
      >
        {picture.dots.map((dot, index) => {
          const place = places[index]!;
          const show = place.showLabel || index === active;
          return (
            <a
              key={dot.key}
              href={dot.href}
              class={`dot ${dot.state}`}
              tabIndex={index === Math.min(tabStop, picture.dots.length - 1) ? 0 : -1}
              aria-label={dot.words}
              onMouseEnter={() => setActive(index)}
              onMouseLeave={() => setActive(-1)}
              onFocus={() => {
                setActive(index);
                setTabStop(index);
              }}
              onBlur={() => setActive(-1)}
            >
              <title>{dot.words}</title>
              <circle class="reach" cx={place.x} cy={place.y} r={Math.max(place.r, 12)} />
              <circle class="ring" cx={place.x} cy={place.y} r={place.r + 3} />
              <circle class="core" cx={place.x} cy={place.y} r={place.r} />
              {show && (
                <Label
                  place={place}
                  text={shortLabel(dot)}
                  loud={index === active && !place.showLabel}
                />
              )}
            </a>
          );
        })}
      </svg>
    </div>
  );
}

/** Notes for who measures that the mesh is on the screen: after the next frame but one, what was drawn was shown. */
function markPainted(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("mesh-painted")));
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

function Label({ place, text, loud }: { place: Place; text: string; loud: boolean }): JSX.Element {
  const { labelX: x, labelY: y, anchor, turn } = place;
  return (
    <text
      class={loud ? "loud" : undefined}
      x={x}
      y={y}
      text-anchor={anchor}
      dominant-baseline={turn === 0 ? undefined : "middle"}
      transform={turn === 0 || loud ? undefined : `rotate(${turn} ${x} ${y})`}
      aria-hidden="true"
    >
      {text}
    </text>
  );
}

/** A few dots need no large picture. */
const FEW = 8;

function useSize(box: { readonly current: HTMLDivElement | null }, dots: number): Size {
  const most = dots <= FEW ? 440 : 620;
  const [size, setSize] = useState<Size>({ width: 600, height: 480 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      const width = Math.floor(element.clientWidth);
      const height = Math.round(Math.max(300, Math.min(width * 0.9, most)));
      setSize((old) => old.width === width && old.height === height ? old : { width, height });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [most]);
  return size;
}

function colourOf(canvas: HTMLCanvasElement): (name: string) => string {
  const style = getComputedStyle(canvas);
  return (name) => style.getPropertyValue(name).trim();
}

/** Grows by one when the system goes from light to dark or back. */
function useScheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const onChange = () => setChanges((n) => n + 1);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, []);
  return changes;
}

interface Drawn {
  readonly picture: Picture;
  readonly places: readonly Place[];
  readonly size: Size;
}

function useDrawing(draw: typeof drawWeb, { picture, places, size }: Drawn) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useScheme();
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const context = prepareCanvas(canvas.current, size);
    if (context !== null) draw(context, { picture, places, colour: colourOf(canvas.current) });
  }, [picture, places, size, scheme]);
  return canvas;
}

function useOwnLinks({ picture, places, size, active }: Drawn & { active: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const context = prepareCanvas(canvas.current, size);
    if (context === null || active < 0) return;
    drawOwnLinks(context, { picture, places, index: active, colour: colourOf(canvas.current) });
  }, [picture, places, size, active]);
  return canvas;
}
