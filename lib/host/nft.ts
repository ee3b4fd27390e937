import { NFT_TABLE } from "../plan/firewall.ts";
import { type Exec, MissingProgramError, runOrThrow } from "./exec.ts";

/**
 * The rules of meshover's table as nft lists them, without counters; undefined when there is no such table. Without nft
 * there is none that could be seen, and only making it fails: tunnels and routes do not hang on it.
 */
export async function observeNft(exec: Exec): Promise<string | undefined> {
  try {
    const result = await exec.run(["nft", "-s", "list", "table", ...NFT_TABLE.split(" ")]);
    return result.code === 0 ? result.stdout : undefined;
  } catch (error) {
    if (error instanceof MissingProgramError) return undefined;
    throw error;
  }
}

/**
 * Puts `text` in the place of meshover's table in one transaction; without text the table goes.
 * @throws {ExecError} with what nft said; nothing is changed then.
 */
export async function applyNft(exec: Exec, text: string | undefined): Promise<void> {
  // An empty declaration first, so that deleting is no error when the table is not there.
  const stdin = `table ${NFT_TABLE}\ndelete table ${NFT_TABLE}\n${text ?? ""}`;
  await runOrThrow(exec, ["nft", "-f", "-"], { stdin });
}
