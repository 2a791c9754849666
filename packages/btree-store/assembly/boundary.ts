/*
 * The constants that JavaScript shares with the module.
 */
export { FULL, OK } from "@masstree/memory/assembly";
export {
  ARRAYS,
  BOOK_ARRAYS_AT,
  BOOK_CURSOR,
  BOOK_DURABLE,
  BOOK_END,
  BOOK_FALLBACK,
  BOOK_IDLE,
  BOOK_IS_WRITTEN,
  BOOK_LEVELS,
  BOOK_NEXT,
  BOOK_PENDING_END,
  BOOK_PENDING_PAGES,
  BOOK_PENDING_START,
  BOOK_SLOT,
  BOOK_USED,
  BOOK_WRITTEN_END,
  BOOK_WRITTEN_SLOT,
  BOOK_WRITTEN_START,
  STATE_CATALOG,
  STATE_COMMIT,
  STATE_MAP,
  STATE_MAP_LEVELS,
  STATE_PAGES,
  STATE_TIME,
  STATE_USED,
} from "./book";
export { STORE_LAYOUT } from "./client";
export { DIFFER_FAILED, DIFFERENT, SAME, SAME_SO_FAR } from "./differ";
export {
  FAILED,
  FAULT_CORRUPT,
  FAULT_MEMORY,
  FAULT_NONE,
  FAULT_READ,
  SHORT_CHAIN,
  WRONG_LEVEL,
} from "./fault";
export { NEXT_BEFORE, NUMBER_BEFORE } from "./frame";
export { GET_ABSENT, GET_CHAIN, GET_FAILED } from "./get";
export {
  BAD_CELLS,
  BAD_COMMIT,
  BAD_CRC,
  BAD_KIND,
  BAD_NUMBER,
  BRANCH,
  CHAIN,
  INDEX,
  LEAF,
  MAP,
  PAGE_HEAD,
} from "./page";
export { INSERTED, REPLACED } from "./put";
export { SNAPSHOT_ENTRY, SNAPSHOT_NAME } from "./reading";
export { ABSENT, REMOVED } from "./remove";
export {
  END_INCLUSIVE,
  HAS_END,
  HAS_START,
  KEYS_ONLY,
  REVERSE,
  SCAN_FAILED,
  START_INCLUSIVE,
} from "./scan";
export {
  ENTRY_HEAD,
  OUT_BYTES,
  OUT_CHAIN,
  OUT_COUNT,
  OUT_DONE,
  OUT_LENGTH,
  OUT_ROOT,
  VALUE_AT,
  VALUE_ROOM,
} from "./scratch";
export { PUBLISH_DURABLE, PUBLISH_STATE } from "./state";
export {
  BOOK_AT,
  DIRTY_AT,
  DIRTY_COUNT_AT,
  FAILED_AT,
  FRAMES_AT,
  FREED_AT,
  FREED_COUNT_AT,
  LIST_MOST,
  LIST_RUNS,
  ORPHANED_AT,
  PAGE_BYTES_AT,
  RETURNED_AT,
  RETURNED_COUNT_AT,
  STAGE_BYTES,
} from "./words";
