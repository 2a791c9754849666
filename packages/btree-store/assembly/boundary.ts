/*
 * The constants that JavaScript shares with the module.
 */
export { FULL, OK } from "@masstree/memory/assembly";
export { STORE_LAYOUT } from "./client";
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
export {
  DIRTY_AT,
  DIRTY_COUNT_AT,
  FRAMES_AT,
  FREED_AT,
  FREED_COUNT_AT,
  LIST_MOST,
  LIST_RUNS,
  RETURNED_AT,
  RETURNED_COUNT_AT,
  STAGE_AT,
  STAGE_BYTES,
} from "./words";
