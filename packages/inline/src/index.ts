export * from "@masstree/errors";
export {
  date,
  descending,
  type KeyCodec,
  keyCodec,
  list,
  type MixedKey,
  mixed,
  type OwnKeyCodec,
  tuple,
  uuid,
} from "@masstree/key";
export type {
  AbortSignalLike,
  Changes,
  Comparable,
  Cursor,
  Difference,
  Guard,
  GuardStats,
  KeyCodecFor,
  KeyName,
  KeyNameOf,
  KeyOption,
  KeyType,
  KeyTypeOf,
  KeyTypes,
  MaintainOptions,
  MapHandle,
  MapOptions,
  MapStats,
  OrderedMap,
  OrderedMapIterator,
  ParticipantStats,
  Prefix,
  Range,
  WaitOptions,
  WaitSyncOptions,
  WatchOptions,
} from "@masstree/tree";
export { InlineMap, type OtherValues } from "./inline-map.ts";
export {
  type AttachInlineOptions,
  type InlineValueOption,
  MassTreeInline,
  type MassTreeInlineConstructor,
  type MassTreeInlineOptions,
} from "./masstree-inline.ts";
export {
  MassTreeSet,
  type MassTreeSetConstructor,
  type MassTreeSetOptions,
} from "./masstree-set.ts";
export { type MemberWaitOptions, OrderedSet } from "./ordered-set.ts";
export type { SetLike } from "./set-like.ts";
export { MEMBER } from "./set-members.ts";
export {
  type InlineValue,
  type InlineValueName,
  type InlineValueTypes,
  valueNumbers,
} from "./values.ts";
