import type { Prefix } from "../model/prefix.ts";
import { shapeOf } from "./allocate.ts";

/** For how many nodes a pool has addresses. */
export function poolCapacity(pool: Prefix): number {
  return Number(shapeOf(pool).size);
}
