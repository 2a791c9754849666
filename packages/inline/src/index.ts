export * from "@masstree/errors";
export type {
  KeyName,
  KeyNameOf,
  KeyOption,
  KeyType,
  KeyTypeOf,
  KeyTypes,
  MapHandle,
  MapOptions,
  MapStats,
  OrderedMap,
  OrderedMapIterator,
  ParticipantStats,
  Range,
} from "@masstree/tree";
export {
  type InlineValueOption,
  MassTreeInline,
  type MassTreeInlineConstructor,
  type MassTreeInlineOptions,
} from "./masstree-inline.ts";
export type { InlineValue, InlineValueName, InlineValueTypes } from "./values.ts";
