import page from "./index.html" with { type: "text" };
import script from "./app.js" with { type: "text" };
import style from "./app.css" with { type: "text" };
import icon from "./icon.svg" with { type: "text" };
import { Asset } from "./asset.ts";

/** The files of the dashboard by path. `app.js` is made from `ui/` by `deno task ui`. */
export const ASSETS: Readonly<Record<string, Asset>> = {
  "/": new Asset("text/html; charset=utf-8", page),
  "/ui/app.js": new Asset("text/javascript; charset=utf-8", script),
  "/ui/app.css": new Asset("text/css; charset=utf-8", style),
  "/ui/icon.svg": new Asset("image/svg+xml", icon),
};
