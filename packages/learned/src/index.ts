/**
 * `@masstree/learned`: a sorted map, and a sorted set, in shared memory that predict where a key lies.
 */
export * from "@masstree/errors";
export type {
  InlineValue,
  InlineValueName,
  InlineValueTypes,
  MemberWaitOptions,
  SetLike,
} from "@masstree/inline";
export { date, descending, type KeyCodec, keyCodec, type OwnKeyCodec } from "@masstree/key";
export type {
  AbortSignalLike,
  Changes,
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
  WatchOptions,
} from "@masstree/tree";
export type { ValueOption } from "masstree";
export type { ValueCodec, ValueCodecName, ValueTypes } from "masstree/codecs";
export { type CompressedOptions, compressed } from "masstree/codecs";
export {
  type AttachLearnedOptions,
  LearnedMap,
  type LearnedMapConstructor,
  type LearnedMapOptions,
} from "./learned-map.ts";
export { LearnedSet, type LearnedSetConstructor, type LearnedSetOptions } from "./learned-set.ts";
export type { LearnedStats } from "./nodes.ts";
export type { LearnedKeyOption, LearnedOptions, LearnedValueOption } from "./options.ts";
