/** Commands that begin a block of FRR's configuration; within a block of a block for the second. */
const BLOCK = /^(router|interface|route-map|vrf|bfd|key chain|line) ?/;
const INNER = /^(address-family|profile|peer) ?/;
const EXIT = /^exit(-\S+)?$/;

/**
 * The lines of a configuration session from `index` on, for another session: behind the commands that lead to where the line
 * at `index` stands. Those are harmless when given twice.
 */
export function resumeFrom(lines: readonly string[], index: number): string[] {
  let inside: string[] = [];
  for (const line of lines.slice(0, index)) {
    const command = line.trim();
    if (EXIT.test(command)) inside = inside.slice(0, -1);
    else if (BLOCK.test(command)) inside = [command];
    else if (INNER.test(command) && inside.length > 0) inside = [inside[0]!, command];
  }
  return [...inside, ...lines.slice(index)];
}
