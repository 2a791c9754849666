/*
 * The constants that JavaScript shares with the tree.
 */
export { CONFIG_KEY, CONFIG_TREE_LAYOUT, CONFIG_VALUE, CONFIG_WIDTH } from "./client";
export {
  COMBINE_ADD,
  COMBINE_AND,
  COMBINE_MAX,
  COMBINE_MIN,
  COMBINE_OR,
  COMBINE_XOR,
} from "./combine";
export {
  PUT_ALWAYS,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_INSERTED,
  PUT_REFUSED,
  PUT_REPLACED,
} from "./condition";
export { EVENT_COUNT, WATCH_EVENT } from "./events";
export { LOAD_FULL, LOAD_REPEATED, LOAD_UNSORTED, LOADED } from "./load";
export { MAINTAINED, MAINTAINED_HELD_UP, MAINTAINED_SOME } from "./maintained";
export { OVERTAKEN } from "./read-changes";
export {
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_REVERSE,
  SCAN_START_INCLUSIVE,
} from "./scan";
export {
  DETAIL,
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  WORD_EXPECTED,
  WORD_IN,
  WORD_OUT,
} from "./scratch";
