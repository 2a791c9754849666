/**
 * `@masstree/learned`: a sorted map in shared memory that predicts where a key lies.
 */
export * from "@masstree/errors";
export type { InlineValue, InlineValueName, InlineValueTypes } from "@masstree/inline";
export { date, descending, type KeyCodec, keyCodec, type OwnKeyCodec } from "@masstree/key";
export type {
  AbortSignalLike,
  Comparable,
  Cursor,
  Difference,
  Guard,
  GuardStats,
  KeyCodecFor,
  KeyType,
  MaintainOptions,
  MapHandle,
  MapStats,
  OrderedMapIterator,
  ParticipantStats,
  Range,
  WaitOptions,
  WaitSyncOptions,
} from "@masstree/tree";
export {
  type AttachLearnedOptions,
  LearnedMap,
  type LearnedMapConstructor,
  type LearnedMapOptions,
  type LearnedStats,
} from "./learned-map.ts";
export type { LearnedKeyOption, LearnedOptions, LearnedValueOption } from "./options.ts";
