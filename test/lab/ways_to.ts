import { devicesOf, kernelRoutes } from "./kernel_routes.ts";
import type { LabHost } from "./lab_host.ts";

/**
 * Devices over which a host's kernel reaches a prefix (an address without its `/32` as `ip` shows it), separated by commas;
 * empty when it has no route of that very prefix.
 */
export async function waysTo(host: LabHost, prefix: string): Promise<string> {
  const route = (await kernelRoutes(host)).find(({ dst }) => dst === prefix);
  return route === undefined ? "" : devicesOf(route).toSorted().join(",");
}
