/*
 * The index as the explorer runs it: the shipped module's exports, those that the explorer needs besides (rare.ts), and
 * what JavaScript does in several calls, in one.
 */
import { beginLoad } from "../../../assembly/common";
import { appendMany } from "../../../assembly/module";
import { putLoaded } from "./rare";

export * from "../../../assembly/module";
export * from "./rare";

/** As `bulkLoad` does: loads `count` sorted entries of the result scratch. Returns LOADED or what was in the way. */
export function loadAll(count: u32): u32 {
  beginLoad();
  return putLoaded(appendMany(count));
}
