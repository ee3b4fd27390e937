import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { ensurePackages } from "../tools/setup.ts";
import { median, printFigure, progress } from "./figure.ts";
import { bgpDownSamples } from "./see/bgp_down.ts";
import { firstPaintSamples } from "./see/first_paint.ts";
import { scrapeSamples } from "./see/scrape.ts";

/** What it takes to see the mesh: the first look at it, a session that goes, and a scrape. */
export async function bench(): Promise<void> {
  await ensurePackages([...LAB_PACKAGES, "chromium", "curl"], progress);
  await fetchPackages(progress);
  const paints = await firstPaintSamples(5);
  printFigure({
    figure: "see.first_paint_500.ms",
    value: median(paints.map((paint) => paint.meshMs)),
    samples: paints.length,
    note: `from the start of the navigation to the picture on the screen; first contentful paint ${
      Math.round(median(paints.map((paint) => paint.contentMs)))
    } ms`,
  });
  const downs = await bgpDownSamples(5);
  printFigure({
    figure: "see.bgp_down_on_page.s",
    value: median(downs),
    samples: downs.length,
    note: `from the first lost packet, BFD's 0.9 s included; longest ${
      Math.max(...downs).toFixed(2)
    } s`,
  });
  const scrapes = await scrapeSamples(9);
  printFigure({
    figure: "see.metrics_1000x50.ms",
    value: median(scrapes.map((scrape) => scrape.ms)),
    samples: scrapes.length,
    note: `${(scrapes[0]!.bytes / 1e6).toFixed(0)} MB each; another request waited ${
      Math.round(Math.max(...scrapes.map((scrape) => scrape.longestWaitMs)))
    } ms at most meanwhile`,
  });
}
