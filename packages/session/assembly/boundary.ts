/*
 * The constants that JavaScript shares with every structure.
 */
export {
  ASKING,
  BAD,
  FULL,
  HEADER_BYTES,
  KEY_SCRATCH_BYTES,
  MAX_PARTICIPANTS,
  NUMBERS,
  OK,
  RESULT_SCRATCH_BYTES,
  SENTINELS,
  TICKET_DEAD,
  TICKET_HELD,
  TICKET_THREAD,
  TICKETS,
  TOLD_GROWN,
  TOLD_HELD_UP,
  TOLD_RECOVERED,
  TOO_MANY,
} from "@masstree/memory/assembly";
