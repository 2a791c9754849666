/*
 * `memory.atomic.wait32`, written so that it works in Node 20.
 *
 * In V8 11.3, the baseline compiler (Liftoff) keeps the address of a wait in an operand slot of 4 bytes and stores
 * 8 bytes into it. The upper half, which is 0, overwrites the slot of the value below: the lowest half of
 * whichever local the optimiser put last. If that zeroes the number of a lock's owner, nobody holds the lock, and
 * two threads can be in its section. Node 22 and the optimising compiler are not affected.
 *
 * So the value below the address must have no slot: it has to be a constant. It is the left operand of the shift,
 * whose right operand is the wait. No compiler can remove or move it, because the result depends on both and the
 * shift is not commutative. `test/binary.test.ts` looks for it, and `test/liftoff.test.ts` runs threads under that
 * compiler.
 */

/** The outcomes of a wait, one byte each: byte n holds n. */
const OUTCOMES: u32 = 0x020100;

/**
 * Sleeps while a 32-bit word has a value, until another thread wakes this one or the time limit has passed. Traps
 * if the thread may not wait, and in memory that is not shared.
 * @param address of the word, a multiple of 4
 * @param expected the value; for any other the function returns at once
 * @param nanoseconds the time limit; below 0, there is none
 * @returns 0 if another thread woke this one, 1 if the word had another value, 2 if the time limit passed
 */
export function waitWhileEqual(address: usize, expected: i32, nanoseconds: i64): i32 {
  return <i32>((OUTCOMES >>> ((<u32>atomic.wait<i32>(address, expected, nanoseconds)) << 3)) & 3);
}
