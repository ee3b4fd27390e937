import { NFT_TABLE } from "../plan/firewall.ts";
import type { Exec } from "./exec.ts";

/** Whether a line of `nft monitor` says that something of meshover's table went. */
export function isOwnLoss(line: string): boolean {
  return /^(delete|destroy|flush) /.test(line) && ` ${line} `.includes(` ${NFT_TABLE} `);
}

/** Calls `onChange` when meshover's table loses something, until `signal` aborts or nft ends (it does not by itself). */
export async function monitorNft(
  exec: Exec,
  options: { readonly onChange: () => void; readonly signal: AbortSignal },
): Promise<void> {
  const onLine = (line: string) => {
    if (isOwnLoss(line)) options.onChange();
  };
  // Not `nft monitor destroy`: a syntax error since nft 1.1 made a command of that word.
  await exec.watch(["nft", "monitor"], { onLine, signal: options.signal });
}
