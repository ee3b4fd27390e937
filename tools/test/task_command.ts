/** The words that run a task of deno.json with the Deno in use, whether or not it is in the path. */
export function taskCommand(task: string, args: readonly string[] = []): string[] {
  return [Deno.execPath(), "task", "--quiet", task, ...args];
}
