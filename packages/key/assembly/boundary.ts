/*
 * The constants that JavaScript shares.
 */
export { MAX_KEY_BYTES, SLICE_BYTES, TAG_LAYER, TAG_SUFFIX } from "./slice";
