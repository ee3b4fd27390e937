import { InputError, messageOf, StateError } from "../lib/model/errors.ts";
import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { demoInMachine } from "./demo/in_machine.ts";
import { DEMO_HELP, type DemoOptions, parseDemoOptions } from "./demo/options.ts";
import { type DemoOutput, runDemo } from "./demo/run_demo.ts";
import { ensurePackages } from "./setup.ts";

async function demo(options: DemoOptions, output: DemoOutput): Promise<number> {
  if (Deno.uid() !== 0) {
    throw new StateError(
      "The demo needs root, because it makes network namespaces; run it with sudo",
    );
  }
  if (options.lab) return await demoInMachine(options, output);
  output.say("checking that the programs it needs are installed");
  await ensurePackages(LAB_PACKAGES, output.say);
  await fetchPackages(output.say);
  return await runDemo(options, output);
}

async function main(): Promise<number> {
  const started = performance.now();
  const print = (line: string) => console.log(line);
  const say = (line: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    print(`${seconds.padStart(5)} s  ${line}`);
  };
  try {
    const options = parseDemoOptions(Deno.args);
    if (options.help) {
      print(DEMO_HELP);
      return 0;
    }
    return await demo(options, { say, print });
  } catch (error) {
    console.error(`demo: ${messageOf(error)}`);
    return error instanceof InputError || error instanceof StateError ? error.exitCode : 1;
  }
}

if (import.meta.main) Deno.exit(await main());
