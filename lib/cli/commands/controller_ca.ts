import { StateError } from "../../model/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { databaseFlags, placeOf } from "../database_flags.ts";
import { switchFlag } from "../flag.ts";

/** `meshover controller ca`. */
const controllerCa: Command = defineCommand({
  name: "controller ca",
  summary: "print the fingerprint of the controller's CA, for --controller-ca",
  flags: { ...databaseFlags, pem: switchFlag("print the certificate itself") },
  run: async ({ flags, print }) => {
    const { openExisting } = await import("../../store/open_existing.ts");
    const { readAuthority } = await import("../../store/authority.ts");
    const { fingerprint } = await import("../../controller/certificates.ts");
    const database = await openExisting(placeOf(flags));
    try {
      const authority = await database.read(readAuthority);
      if (authority === undefined) {
        throw new StateError(
          "There is no CA yet: the controller makes it when it first listens with TLS",
        );
      }
      print(flags.pem ? authority.cert : await fingerprint(authority.cert));
      return 0;
    } finally {
      await database.close();
    }
  },
});
export default controllerCa;
