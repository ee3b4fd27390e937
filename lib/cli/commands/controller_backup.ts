import { StateError } from "../../model/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { databaseFlags, placeOf } from "../database_flags.ts";

/** `meshover controller backup`. */
const controllerBackup: Command = defineCommand({
  name: "controller backup",
  summary: "write the controller's database into one file, while it runs",
  args: ["FILE"],
  flags: databaseFlags,
  run: async ({ flags, args, print }) => {
    const file = args[0]!;
    const { openDatabase } = await import("../../store/open_database.ts");
    const { openExisting } = await import("../../store/open_existing.ts");
    const { copyDatabase } = await import("../../store/copy_database.ts");
    if (await Deno.stat(file).then(() => true, () => false)) {
      throw new StateError(`Cannot write "${file}": it exists already; choose another name`);
    }
    const from = await openExisting(placeOf(flags));
    const part = `${file}.part`;
    await Deno.remove(part).catch(() => {});
    try {
      const to = await openDatabase({ url: `file:${part}` }, { meshId: "backup" });
      try {
        await copyDatabase(from, to);
        await to.seal();
      } finally {
        await to.close();
      }
      await Deno.rename(part, file);
    } finally {
      await from.close();
      for (const rest of ["", "-wal", "-shm"]) await Deno.remove(part + rest).catch(() => {});
    }
    print(
      `wrote ${file}; it holds the private key of the mesh's CA: keep it as safe as the controller`,
    );
    return 0;
  },
});
export default controllerBackup;
