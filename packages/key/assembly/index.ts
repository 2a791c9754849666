export { compareBytes, copyBytes, copyText, equalBytes, isAscii } from "./bytes";
export {
  classOf,
  compareKey,
  ikeyAt,
  MAX_KEY_BYTES,
  SLICE_BYTES,
  storeIkey,
  TAG_LAYER,
  TAG_SUFFIX,
  tagOf,
} from "./slice";
