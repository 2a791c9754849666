/**
 * What went wrong, as a word that never changes between versions. Compare this, not the message.
 *
 * - `MASSTREE_FULL`: a write, a new map or another participant does not fit in the map's `maxBytes`
 * - `MASSTREE_KEY_TOO_LONG`: the encoded key has more than 65,536 bytes
 * - `MASSTREE_BAD_KEY`: the key has the wrong type, is NaN or a bigint out of range, or contains a
 *   lone surrogate
 * - `MASSTREE_BAD_VALUE`: the map's value codec does not accept the value; for `"json"` also if JSON
 *   would silently write `null` for it
 * - `MASSTREE_BAD_RANGE`: a range has an unknown or ill-typed member, or a bound that cannot be a
 *   key
 * - `MASSTREE_BAD_OPTION`: an option, or an argument such as a participant, a position or an
 *   address, is unknown, ill-typed or out of range
 * - `MASSTREE_BAD_HANDLE`: not a handle, or a handle of another layout version, width or value kind
 * - `MASSTREE_NOT_LOADED`: this thread has not imported the code for maps of this width
 * - `MASSTREE_BAD_FILE`: no saved map, or one that is cut off or damaged
 * - `MASSTREE_CLOSED`: the map was closed in this thread, or the cursor or the guard was disposed
 * - `MASSTREE_INTERRUPTED`: a call was interrupted, and what it protected is protected no more
 * - `MASSTREE_TOO_MANY_PARTICIPANTS`: more threads attached at once than the map has room for
 * - `MASSTREE_UNSORTED`: input that has to be sorted is not, or has a key twice
 * - `MASSTREE_CORRUPT`: a check found a broken invariant
 * - `MASSTREE_UNSUPPORTED`: the platform has no shared WebAssembly memory, or not what a codec needs;
 *   or the thread may not sleep
 * - `MASSTREE_TIMEOUT`: what was waited for has not happened in time
 */
export type MassTreeErrorCode =
  | "MASSTREE_FULL"
  | "MASSTREE_KEY_TOO_LONG"
  | "MASSTREE_BAD_KEY"
  | "MASSTREE_BAD_VALUE"
  | "MASSTREE_BAD_RANGE"
  | "MASSTREE_BAD_OPTION"
  | "MASSTREE_BAD_HANDLE"
  | "MASSTREE_NOT_LOADED"
  | "MASSTREE_BAD_FILE"
  | "MASSTREE_CLOSED"
  | "MASSTREE_INTERRUPTED"
  | "MASSTREE_TOO_MANY_PARTICIPANTS"
  | "MASSTREE_UNSORTED"
  | "MASSTREE_CORRUPT"
  | "MASSTREE_UNSUPPORTED"
  | "MASSTREE_TIMEOUT";
