import { join } from "node:path";

/** Where the dashboard's script is kept. */
export function bundlePath(root: string): string {
  return join(root, "lib/controller/dashboard/app.js");
}

/** The first line of the script: a digest of everything it is made from, so that a test notices when it is out of date. */
export async function bundleHead(root: string): Promise<string> {
  const files = [...filesIn(join(root, "ui"))].sort();
  const shared = [
    "lib/model/mesh_view.ts",
    "lib/plan/view_change.ts",
    "lib/plan/pair_bits.ts",
    "lib/plan/judge_status.ts",
  ]
    .map((path) => join(root, path));
  const texts = await Promise.all([...files, ...shared].map((path) => Deno.readTextFile(path)));
  const pins = JSON.parse(await Deno.readTextFile(join(root, "deno.json"))).imports;
  const all = [...texts, pins.preact, pins.uqr].join("\0");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(all));
  return `/* Made by "deno task ui" from ui/ ${
    new Uint8Array(digest).toHex().slice(0, 32)
  }; preact and uqr are MIT. */`;
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* filesIn(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}
