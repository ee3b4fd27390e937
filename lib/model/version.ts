/** The version of meshover; `deno.json` has the same, which a test checks. */
export const VERSION = "0.1.0";
