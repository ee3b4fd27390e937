import { fileURLToPath } from "node:url";
import { bundleHead, bundlePath } from "./ui/bundle_head.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Makes the dashboard's script: the sources of `ui/` and their libraries in one file, which is kept in the repository. */
async function bundle(): Promise<void> {
  const out = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--platform",
        "browser",
        "--minify",
        "--output",
        out,
        "ui/main.tsx",
      ],
      cwd: ROOT,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`Cannot bundle ui/main.tsx: ${new TextDecoder().decode(stderr)}`);
    const script = await Deno.readTextFile(out);
    await Deno.writeTextFile(bundlePath(ROOT), `${await bundleHead(ROOT)}\n${script}`);
  } finally {
    await Deno.remove(out);
  }
}

if (import.meta.main) {
  await bundle();
  const { size } = await Deno.stat(bundlePath(ROOT));
  console.log(`lib/controller/dashboard/app.js: ${(size / 1024).toFixed(0)} KiB`);
}
