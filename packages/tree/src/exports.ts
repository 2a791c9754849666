/*
 * What a compiled tree exports, and the constants that both sides share. The build derives both
 * from the AssemblyScript. Pointers are 32-bit byte offsets into the map's memory and arrive as
 * signed numbers: `>>> 0` makes them addresses again.
 */
import type { TreeExports as PlainTreeExports } from "./generated/tree-exports.ts";

export {
  COMBINE_ADD,
  COMBINE_AND,
  COMBINE_MAX,
  COMBINE_MIN,
  COMBINE_OR,
  COMBINE_XOR,
  CONFIG_KEY,
  CONFIG_TREE_LAYOUT,
  CONFIG_VALUE,
  CONFIG_WIDTH,
  DETAIL,
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  EVENT_COUNT,
  LOAD_FULL,
  LOAD_REPEATED,
  LOAD_UNSORTED,
  LOADED,
  MAINTAINED,
  MAINTAINED_HELD_UP,
  MAINTAINED_SOME,
  OVERTAKEN,
  PUT_ALWAYS,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_INSERTED,
  PUT_REFUSED,
  PUT_REPLACED,
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_REVERSE,
  SCAN_START_INCLUSIVE,
  WATCH_EVENT,
  WORD_EXPECTED,
  WORD_IN,
  WORD_OUT,
} from "./generated/tree-exports.ts";

/** The exports of a tree with plain value words. */
export type WordTreeExports = PlainTreeExports;

/** What the exports of every tree have in common, whatever its value words stand for. */
export type TreeExports = Omit<PlainTreeExports, "append" | "get" | "put">;
