export type { KeyCodec, KeyKind, PrefixRange } from "./codec.ts";
export { date } from "./date.ts";
export { descending } from "./descending.ts";
export { MAX_KEY_BYTES, SLICE_BYTES, TAG_LAYER, TAG_SUFFIX } from "./generated/key-exports.ts";
export { byteCount, byteView, copyBytes, isBytes, lostBytes } from "./is-bytes.ts";
export { type KeyCodecs, keyCodecs } from "./key-codecs.ts";
export { isKeyCodec } from "./make.ts";
export type { AnyKeyCodec, KeyMember, KeyOfCodec, KeyOfMember } from "./member-option.ts";
export { type MixedKey, mixed } from "./mixed.ts";
export { keyCodec, type OwnKeyCodec } from "./own.ts";
export { prefixEnd } from "./prefix-end.ts";
export {
  classOf,
  compareBytes,
  compareKey,
  equalBytes,
  ikeyAt,
  storeIkey,
  tagOf,
} from "./slice.ts";
export { decodeText, textDecoder, textEncoder } from "./text-coders.ts";
export { list, type TupleOf, tuple } from "./tuple.ts";
export { isWellFormed } from "./utf8.ts";
export { uuid } from "./uuid.ts";
