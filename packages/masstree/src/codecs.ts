/**
 * `masstree/codecs`: the value codecs, for other packages whose values become bytes as a map's do.
 */
export { staged, unstage } from "./stage.ts";
export {
  checkCodec,
  type ValueCodec,
  type ValueCodecName,
  type ValueKind,
  type ValueName,
  type ValueTypes,
  valueNumbers,
} from "./value-codec.ts";
export { Values } from "./values.ts";
