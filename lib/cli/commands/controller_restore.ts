import { type Command, defineCommand } from "../command.ts";
import { databaseFlags, placeOf } from "../database_flags.ts";

/** `meshover controller restore`. */
const controllerRestore: Command = defineCommand({
  name: "controller restore",
  summary: "put a backup in place of the controller's database, while it runs or not",
  args: ["FILE"],
  flags: databaseFlags,
  run: async ({ flags, args, print }) => {
    const { openDatabase } = await import("../../store/open_database.ts");
    const { openExisting } = await import("../../store/open_existing.ts");
    const { restoreDatabase } = await import("../../store/copy_database.ts");
    const from = await openExisting({ url: `file:${args[0]}` });
    try {
      const to = await openDatabase(placeOf(flags), { meshId: "restored" });
      try {
        const { nodes } = await restoreDatabase(from, to);
        print(
          `restored ${nodes} node(s); agents that enrolled after the backup enrol again by themselves`,
        );
      } finally {
        await to.close();
      }
    } finally {
      await from.seal().catch(() => {});
      await from.close();
    }
    return 0;
  },
});
export default controllerRestore;
