import { StateError } from "../model/errors.ts";

/** FRR's daemons answered, and did not take a line: the same line is not worth another try soon. */
export class FrrRefusalError extends StateError {}
