import type { Command } from "../command.ts";

/** What a shell must know about a command to complete it. */
export interface CommandWords {
  /** Words after `meshover`. */
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagWords[];
}

/** A flag, without dashes. */
export interface FlagWords {
  readonly name: string;
  readonly summary: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
}

/** The words of a command, its flags sorted. */
export function commandWords(command: Command): CommandWords {
  const own = Object.entries(command.flags).flatMap(([name, flag]): FlagWords[] => {
    const itself = { name, summary: flag.summary, takesValue: flag.isSwitch !== true };
    const file = { name: `${name}-file`, summary: `file with: ${flag.summary}`, takesValue: true };
    return flag.isSecret === true ? [itself, file] : [itself];
  });
  const common: FlagWords[] = [
    { name: "config", summary: "YAML file with flags as keys", takesValue: true },
    { name: "help", summary: "what the command does and its flags", takesValue: false },
  ];
  const flags = [...own, ...common].toSorted((a, b) => a.name < b.name ? -1 : 1);
  return { name: command.name, summary: command.summary, flags };
}
