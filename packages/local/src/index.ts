/** An ordered map for one thread, with values by reference, and what its users need besides. */
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
  Comparable,
  Cursor,
  Difference,
  KeyCodecFor,
  KeyName,
  KeyNameOf,
  KeyOption,
  KeyType,
  KeyTypeOf,
  KeyTypes,
  MapOptions,
  MapStats,
  OrderedMapIterator,
  ParticipantStats,
  Prefix,
  Range,
} from "@masstree/tree";
export {
  LocalMassTree,
  type LocalMassTreeConstructor,
  type LocalMassTreeOptions,
} from "./local-masstree.ts";
