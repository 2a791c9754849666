/**
 * The tree as JavaScript uses it: the classes that maps are built on. For maps to use, see
 * `masstree` and `@masstree/inline`.
 */

export { type ParticipantStats, Views, WasmModules } from "@masstree/session";
export type { WasmMemory, WasmModule } from "@masstree/wasm";
export { pairOf, requireCallback, requireList } from "./arguments.ts";
export { Attached } from "./attached.ts";
export { copyLike } from "./copy-like.ts";
export { type Cursor, type CursorSource, RangeCursor } from "./cursor.ts";
export {
  addComparable,
  type Comparable,
  type Difference,
  diff,
  differences,
  type RawEntry,
  type Side,
  type SideScan,
  type SideValues,
} from "./diff.ts";
export { EntryBuffer } from "./entry-buffer.ts";
export {
  COMBINE_ADD,
  COMBINE_AND,
  COMBINE_MAX,
  COMBINE_MIN,
  COMBINE_OR,
  COMBINE_XOR,
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  LOAD_FULL,
  LOADED,
  PUT_ALWAYS,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_INSERTED,
  PUT_REFUSED,
  PUT_REPLACED,
  type TreeExports,
  WORD_EXPECTED,
  WORD_IN,
  WORD_OUT,
  type WordTreeExports,
} from "./exports.ts";
export { encodeForeign, type KeyTarget, ReadyKey } from "./foreign-keys.ts";
export { fillSorted } from "./from-sorted.ts";
export { type Guard, type GuardSource, ViewGuard, type ViewScan, type Visitor } from "./guard.ts";
export type { GuardMemory } from "./guard-memory.ts";
export type { MapHandle } from "./handle.ts";
export { identify } from "./identity.ts";
export { makeInspectable } from "./inspect.ts";
export { type RegionPlan, TreeInstance } from "./instance.ts";
export {
  type EntryCursor,
  entryIterator,
  keyIterator,
  type OrderedMapIterator,
  valueIterator,
} from "./iterators.ts";
export {
  type AnyKeyOption,
  type KeyCodecFor,
  type KeyName,
  type KeyNameOf,
  type KeyOption,
  type KeyType,
  type KeyTypeOf,
  type KeyTypes,
  keyCodecOf,
  keyNames,
  type Prefix,
} from "./key-types.ts";
export type { MaintainOptions } from "./maintain.ts";
export { type MapValues, type WordCodec, WordValues } from "./map-values.ts";
export { addMapWithin, type MapFinder } from "./map-within.ts";
export { treeModules } from "./modules.ts";
export type { GuardKeeper, GuardStats } from "./open-guards.ts";
export {
  attachMap,
  checkedHandle,
  createMap,
  type MapKind,
  type OpenMap,
} from "./open-map.ts";
export { type MapOptions, oneOf, optionNames } from "./options.ts";
export {
  loaderOf,
  type MapParts,
  OrderedMap,
  partsOf,
  sideOf,
  treeOf,
  verify,
} from "./ordered-map.ts";
export {
  type Bounds,
  beside,
  checkRange,
  everything,
  isCounted,
  type Range,
  requireUncounted,
} from "./range.ts";
export { Scan, type ScanValues } from "./scan.ts";
export { SortedLoader } from "./sorted-loader.ts";
export { type Divisible, type Division, type Place, splitPoints } from "./split-points.ts";
export type { MapStats } from "./stats.ts";
export type { TextChunks } from "./text-chunks.ts";
export type {
  AbortSignalLike,
  WaitOptions,
  WaitSyncOptions,
  WatchOptions,
} from "./wait-options.ts";
export type { Changes } from "./watch.ts";
