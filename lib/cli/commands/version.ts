import { VERSION } from "../../model/version.ts";
import { type Command, defineCommand } from "../command.ts";

/** `meshover version`. */
const version: Command = defineCommand({
  name: "version",
  summary: "print the version",
  flags: {},
  run: ({ print }) => {
    print(`meshover ${VERSION}`);
    return Promise.resolve(0);
  },
});
export default version;
