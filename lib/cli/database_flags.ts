import { type DatabasePlace, placeInFolder } from "../store/open_database.ts";
import { defaultFlag, secretFlag, text, valueFlag } from "./flag.ts";

/** Flags that say where the controller's database is. */
export const databaseFlags = {
  statefile: defaultFlag({
    placeholder: "DIR",
    summary: "folder of the embedded database",
    parse: text,
    fallback: "/var/lib/meshover-controller",
  }),
  database: valueFlag(
    "URL",
    "a libSQL server in place of the embedded database: http://HOST:PORT or libsql://HOST",
    text,
  ),
  "database-token": secretFlag("TOKEN", "token of the libSQL server"),
};

/** Values of {@link databaseFlags}. */
export interface DatabaseFlagValues {
  readonly statefile: string;
  readonly database: string | undefined;
  readonly "database-token": string | undefined;
}

/** Where the database is. */
export function placeOf(flags: DatabaseFlagValues): DatabasePlace {
  if (flags.database === undefined) return placeInFolder(flags.statefile);
  const authToken = flags["database-token"];
  return { url: flags.database, ...(authToken === undefined ? {} : { authToken }) };
}
