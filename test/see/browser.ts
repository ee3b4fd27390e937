import fs from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { ensurePackages } from "../../tools/setup.ts";

/** Flags that keep Chromium from asking anybody anything. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** For tests with a browser: its pipes stay open a moment longer than itself. */
export const LOOSE = { sanitizeOps: false, sanitizeResources: false } as const;

/** Longest that a page may take for what is asked of it, milliseconds: it begins anew by itself after 25 s without a word. */
const PATIENCE_MS = 90_000;

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Starts Debian's Chromium with a profile of its own; installs it when it is missing and that is possible. */
export async function startBrowser(): Promise<Browser> {
  await ensurePackages(["chromium"], (line) => console.error(line));
  const { chromium } = await loadPlaywright();
  return await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

/**
 * Playwright looks into /proc to find out whether this is WSL, which Deno allows only to who may do everything. It shall not
 * need that: to who may not look, the file is not there.
 */
async function loadPlaywright(): Promise<typeof import("playwright-core")> {
  const { existsSync } = fs;
  fs.existsSync = (path) => !String(path).startsWith("/proc/") && existsSync(path);
  try {
    return await import("playwright-core");
  } finally {
    fs.existsSync = existsSync;
  }
}

/** A page with a session of its own, and what its console complained of. */
export async function openPage(
  browser: Browser,
  look: Look = {},
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    colorScheme: look.dark ? "dark" : "light",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // The browser itself writes down every answer that is no 200: the first question before the sign-in is one.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return { context, page, complaints };
}

/** Waits until what `selector` names first holds a text. */
export function hasText(page: Page, selector: string, text: string): Promise<unknown> {
  return page.waitForFunction(
    ([s, t]) => document.querySelector(s!)?.textContent?.includes(t!),
    [selector, text],
  );
}

/** Signs in on the page that is open. */
export async function signIn(page: Page, password: string): Promise<void> {
  await page.fill("#password", password);
  await page.click("button[type=submit]");
}
