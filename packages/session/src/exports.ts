/*
 * What the compiled module of every structure exports, and the constants that both sides share. The
 * build derives both from the AssemblyScript.
 */
import type { BareExports } from "./generated/bare-exports.ts";

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
} from "./generated/bare-exports.ts";

/** What every structure exports. How a new one is laid out differs from structure to structure. */
export type SessionExports = Omit<BareExports, "create">;
