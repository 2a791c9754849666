/*
 * What the region needs from its host, in modules that are compiled with `--use HOST=1`.
 */

/**
 * 1 if the thread of the participant with this number has certainly ended; 0 if it runs or nobody knows, or if the
 * number is another thread's by now.
 *
 * @param ticket of the number, as the caller saw it: which thread is meant
 */
export declare function isGone(number: u32, ticket: u32): u32;

// What is told.
/** The region has grown; the value is its new size in wasm pages. */
export const TOLD_GROWN: u32 = 1;
/** Much of what this thread retired cannot be freed, because the participant with this number stays pinned. */
export const TOLD_HELD_UP: u32 = 2;
/** This thread has recovered the participant with this number, whose thread had ended. */
export const TOLD_RECOVERED: u32 = 3;

/** The import behind `report`. Called in the middle of an operation, with locks held: the host only takes a note. */
declare function tell(what: u32, value: u32): void;

/** Tells the host, if there is one, of something rare that is worth knowing. */
export function report(what: u32, value: u32): void {
  if (isDefined(HOST)) tell(what, value);
}
