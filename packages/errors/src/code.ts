/**
 * What went wrong, as a word that never changes between versions: compare this, not the message.
 *
 * - `MASSTREE_FULL`: a write, a new map or another participant does not fit in the map's `maxBytes`
 * - `MASSTREE_KEY_TOO_LONG`: the key takes more than 65,536 bytes
 * - `MASSTREE_BAD_KEY`: a key of the wrong type, a NaN, a lone surrogate, a bigint out of range
 * - `MASSTREE_BAD_VALUE`: a value that the map's value codec cannot take
 * - `MASSTREE_BAD_RANGE`: an unknown or ill-typed member of a range, or a bound that cannot be a key
 * - `MASSTREE_BAD_OPTION`: an unknown or ill-typed option, or such an argument: a participant, a
 *   position, an address
 * - `MASSTREE_BAD_HANDLE`: not a handle, or one of another layout, width or kind
 * - `MASSTREE_CLOSED`: the map was closed in this thread
 * - `MASSTREE_TOO_MANY_PARTICIPANTS`: more threads attached at once than there is room for
 * - `MASSTREE_CORRUPT`: a check found a broken invariant
 * - `MASSTREE_UNSUPPORTED`: the platform lacks shared WebAssembly memory
 */
export type MassTreeErrorCode =
  | "MASSTREE_FULL"
  | "MASSTREE_KEY_TOO_LONG"
  | "MASSTREE_BAD_KEY"
  | "MASSTREE_BAD_VALUE"
  | "MASSTREE_BAD_RANGE"
  | "MASSTREE_BAD_OPTION"
  | "MASSTREE_BAD_HANDLE"
  | "MASSTREE_CLOSED"
  | "MASSTREE_TOO_MANY_PARTICIPANTS"
  | "MASSTREE_CORRUPT"
  | "MASSTREE_UNSUPPORTED";
