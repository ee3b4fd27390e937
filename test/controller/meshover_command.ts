const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** What a command said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as an operator does. */
export async function meshover(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Said> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
      MAIN,
      ...args,
    ],
    env: { MESHOVER_PASSWORD: "bench", ...env },
  });
  const { code, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: decode(stdout), err: decode(stderr) };
}
