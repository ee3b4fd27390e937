import { InputError } from "../../model/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { commandWords } from "../completion/command_words.ts";
import { completionScript, SHELLS } from "../completion/completion_script.ts";
import { COMMANDS } from "../commands.ts";

/** `meshover completion SHELL`. */
const completion: Command = defineCommand({
  name: "completion",
  summary: "print what makes bash, zsh or fish complete this command",
  args: ["SHELL"],
  flags: {},
  run: async ({ args, print }) => {
    const shell = SHELLS.find((name) => name === args[0]);
    if (shell === undefined) {
      throw new InputError(
        `"${args[0]}" is not a known shell; expected one of ${SHELLS.join(", ")}`,
      );
    }
    const commands = await Promise.all(COMMANDS.map(async ({ load, summary }) => {
      return { ...commandWords((await load()).default), summary };
    }));
    print(completionScript(shell, commands));
    return 0;
  },
});
export default completion;
