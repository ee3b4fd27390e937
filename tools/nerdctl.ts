import { messageOf } from "../lib/model/errors.ts";
import { buildNerdctl, NERDCTL } from "../test/lab/frr/nerdctl.ts";

if (import.meta.main) {
  console.log("building nerdctl with Go; this takes some minutes");
  try {
    await buildNerdctl();
    console.log(`built ${NERDCTL}; deno task test:lab uses it`);
  } catch (error) {
    console.error(`nerdctl: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
