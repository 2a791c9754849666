export type { KeyCodec, KeyKind } from "./codec.ts";
export { MAX_KEY_BYTES, SLICE_BYTES, TAG_LAYER, TAG_SUFFIX } from "./generated/key-exports.ts";
export { byteCount, byteView, isBytes, lostBytes } from "./is-bytes.ts";
export { type KeyCodecs, keyCodecs } from "./key-codecs.ts";
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
