/*
 * `memory.atomic.wait32`, as it has to be written for Node 20.
 *
 * The baseline compiler (Liftoff) of V8 11.3 keeps the address of a wait in an operand slot of 4 bytes
 * and stores 8 into it: the upper half, which is 0, lands in the slot of the value below it. That is
 * the lowest half of a local, whichever the optimiser put last. A lock whose owner's number was zeroed
 * so is held by nobody, and two threads are in it. Node 22 and the optimising compiler are not affected.
 *
 * So the value below the address has to be one that has no slot: a constant. It is the left operand of
 * the shift, whose right operand is the wait. No compiler can take it away or move it, for the result
 * depends on both, and it is not commutative. `test/binary.test.ts` looks for it, and
 * `test/liftoff.test.ts` runs threads under that compiler.
 */

/** The outcomes of a wait, a byte each: what stands at byte n is n. */
const OUTCOMES: u32 = 0x020100;

/**
 * Sleeps while a 32-bit word has a value, until another thread calls or the time limit has passed.
 * Traps where the thread may not wait, and in memory that is not shared.
 * @param address of the word, a multiple of 4
 * @param expected the value; for any other the function returns at once
 * @param nanoseconds the time limit; below 0, there is none
 * @returns 0 when another thread woke this one, 1 when the word had another value, 2 when the time was up
 */
export function waitWhileEqual(address: usize, expected: i32, nanoseconds: i64): i32 {
  return ((OUTCOMES >>> ((atomic.wait<i32>(address, expected, nanoseconds) as u32) << 3)) &
    3) as i32;
}
