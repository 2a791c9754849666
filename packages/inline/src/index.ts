export * from "@masstree/errors";
export type {
  KeyName,
  KeyNameOf,
  KeyOption,
  KeyType,
  KeyTypes,
  MapHandle,
  MapOptions,
  OrderedMap,
  OrderedMapIterator,
  Range,
} from "@masstree/tree";
export {
  type InlineValueOption,
  MassTreeInline,
  type MassTreeInlineConstructor,
  type MassTreeInlineOptions,
} from "./masstree-inline.ts";
export type { InlineValue, InlineValueName, InlineValueTypes } from "./values.ts";
