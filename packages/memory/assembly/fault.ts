/*
 * Test builds (DEBUG=1): preconditions are checked, and allocations can be made to fail.
 */

/**
 * In test builds: how many more allocations of this thread succeed before one fails. The failure sets it back to
 * -1, which means never. Other builds ignore it.
 */
export let failAfter: i32 = -1;

/** Whether this allocation has to fail. Always false, at no cost, in other builds. */
export function mustFail(): bool {
  if (DEBUG) {
    if (failAfter < 0) return false;
    return failAfter-- === 0;
  }
  return false;
}

/** Traps if a precondition does not hold. Does nothing in other builds. */
export function demand(condition: bool): void {
  if (DEBUG) {
    if (!condition) unreachable();
  }
}
