import { packagesOf } from "../../test/lab/services/packages_of.ts";
import {
  installPackage,
  meshAddress,
  PackageMesh,
  startAgent,
  startController,
  untilReached,
} from "../../test/lab/services/package_mesh.ts";

/**
 * Seconds from `dpkg --install` on the third machine of a mesh to its first answer from the first one: everything that an operator
 * does there besides, writing the configuration and starting the service, is in it.
 */
export async function debToPing(): Promise<number> {
  const mesh = await PackageMesh.create();
  try {
    const { file } = await packagesOf(mesh.packages);
    const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => mesh.add(name, "trixie")));
    for (const host of [a!, b!]) await installPackage(host, file);
    const invitation = await startController(a!);
    for (const host of [a!, b!]) await startAgent(host, invitation);
    const first = await meshAddress(a!);
    await untilReached(b!, first);
    const started = performance.now();
    await installPackage(c!, file);
    await startAgent(c!, invitation);
    await untilReached(c!, first);
    return (performance.now() - started) / 1000;
  } finally {
    await mesh.remove();
  }
}
