/**
 * The tree as JavaScript uses it: the classes that maps are built on. Maps to use are in `masstree`
 * and `@masstree/inline`.
 */

export type { WasmMemory, WasmModule } from "@masstree/wasm";
export { Cursor, type ScanValues } from "./cursor.ts";
export { EntryBuffer } from "./entry-buffer.ts";
export type { MapHandle } from "./handle.ts";
export { type RegionPlan, TreeInstance } from "./instance.ts";
export type { OrderedMapIterator } from "./iterators.ts";
export type { KeyName, KeyNameOf, KeyOption, KeyType, KeyTypeOf, KeyTypes } from "./key-types.ts";
export { treeModules, WasmModules } from "./modules.ts";
export {
  attachMap,
  checkedHandle,
  createMap,
  type MapKind,
  type OpenMap,
} from "./open-map.ts";
export { type MapOptions, oneOf, optionNames, readOptions } from "./options.ts";
export {
  fullError,
  type MapParts,
  OrderedMap,
  treeOf,
  verify,
} from "./ordered-map.ts";
export type { Range } from "./range.ts";
export { reasonOf } from "./reason.ts";
export type { MapStats, ParticipantStats } from "./stats.ts";
export {
  ENTRIES,
  ENTRY_VALUE,
  ScanFlag,
  SetResult,
  Status,
  type TreeExports,
  WORD_IN,
  WORD_OUT,
} from "./tree-exports.ts";
export { Views } from "./views.ts";
