import { runOrThrow, SystemExec } from "../../../lib/host/exec.ts";
import { contentKey } from "../machine/content_key.ts";
import { debianMirror } from "../machine/debian_mirror.ts";
import { madeOnce } from "../machine/made_once.ts";

/** What FRR's own images run: watchfrr with the daemons that /etc/frr/daemons names. */
const DOCKER_START = `#!/bin/bash
chown -R frr:frr /etc/frr
mkdir -p /run/frr && chown frr:frr /run/frr
source /usr/lib/frr/frrcommon.sh
exec /usr/lib/frr/watchfrr $(daemon_list)
`;
/** Debian release whose FRR is tried: bookworm has 8.4, trixie 10.3. */
const RELEASE = Deno.env.get("MESHOVER_LAB_RELEASE") ?? "bookworm";
const PACKAGES = ["frr", "iproute2", "procps"];

/** Path of a root file system with FRR, for `import`: registries of images cannot be reached everywhere. */
export async function frrImage(): Promise<string> {
  const folder = await madeOnce({
    kind: "frr-image",
    key: await contentKey([RELEASE, PACKAGES, DOCKER_START]),
    make: async (unfinished) => {
      await Deno.writeTextFile(`${unfinished}/docker-start`, DOCKER_START, { mode: 0o755 });
      await runOrThrow(new SystemExec(), [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        `--include=${PACKAGES.join(",")}`,
        `--customize-hook=upload ${unfinished}/docker-start /usr/lib/frr/docker-start`,
        `--customize-hook=chmod 755 "$1/usr/lib/frr/docker-start"`,
        RELEASE,
        `${unfinished}/root.tar`,
        await debianMirror(),
      ], { timeoutMs: 600_000 });
    },
  });
  return `${folder}/root.tar`;
}
