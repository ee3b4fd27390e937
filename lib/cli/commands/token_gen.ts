import { parseHostName } from "../../model/host_name.ts";
import { adminClientOf, adminFlags } from "../admin_flags.ts";
import { type Command, defineCommand } from "../command.ts";
import { duration, switchFlag, text, valueFlag } from "../flag.ts";

const flags = {
  ...adminFlags,
  once: switchFlag("good for one node only"),
  ttl: valueFlag(
    "TIME",
    "how long it is good for, for example 1h or 7d; for ever when left out",
    duration,
  ),
  note: valueFlag("TEXT", "what it is for, shown by `meshover token list`", text),
  name: valueFlag("NAME", "the only host name that it may enrol", parseHostName),
};

/** `meshover token gen`. */
const tokenGen: Command = defineCommand({
  name: "token gen",
  summary: "make a token that lets machines join; prints its id and the token",
  flags,
  run: async ({ flags, print }) => {
    const { id, token, ca } = await adminClientOf(flags).createToken({
      once: flags.once,
      ttlS: flags.ttl ?? null,
      note: flags.note ?? "",
      name: flags.name ?? null,
    });
    print(`${id} ${token}`);
    // Not on standard output: what stands there is the id and the token, for scripts.
    if (ca !== null) console.error(`give agents --controller-ca ${ca}`);
    return 0;
  },
});
export default tokenGen;
