export type { KeyCodec, KeyKind } from "./codec.ts";
export { byteCount, byteView, isBytes, lostBytes } from "./is-bytes.ts";
export { type KeyCodecs, keyCodecs } from "./key-codecs.ts";
export { MAX_KEY_BYTES } from "./limits.ts";
export { prefixEnd } from "./prefix-end.ts";
export {
  classOf,
  compareBytes,
  compareKey,
  equalBytes,
  ikeyAt,
  SLICE_BYTES,
  storeIkey,
  TAG_LAYER,
  TAG_SUFFIX,
  tagOf,
} from "./slice.ts";
