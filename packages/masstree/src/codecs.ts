/**
 * `masstree/codecs`: the value codecs, for other packages whose values become bytes as a map's do; and boxes, for ordered
 * maps whose module has the exports of box.ts.
 */
export { BoxValues } from "./box-values.ts";
export { ByteValues } from "./byte-values.ts";
export { type CompressedOptions, compressed } from "./compressed.ts";
export type { BoxExports } from "./exports.ts";
export { staged, unstage } from "./stage.ts";
export {
  checkAttachedValue,
  checkCodec,
  kindOf,
  type ValueCodec,
  type ValueCodecName,
  type ValueKind,
  type ValueName,
  type ValueTypes,
  valueNumbers,
} from "./value-codec.ts";
export { Values } from "./values.ts";
