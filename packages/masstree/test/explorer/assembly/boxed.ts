/*
 * The tree with values in boxes as the explorer runs it: the exports of the shipped module of `masstree`,
 * what is explored besides, and the ways in which JavaScript reads and fills boxes, which it does itself
 * there: here they are steps.
 *
 *     result scratch   64      a payload on its way in or out (box.ts); entries of a scan
 *                      32768   scanLongBox: the payload
 *                              compareIn: the payload to compare with
 *                      40960   compareIn: the payload to set
 */

import { copyBytes, equalBytes } from "@masstree/key/assembly";
import { RESULT_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import {
  ENTRIES,
  ENTRY_VALUE,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_REFUSED,
  PUT_REPLACED,
  WORD_EXPECTED,
  WORD_OUT,
  wordOut,
} from "@masstree/tree/assembly";
import { joinKeys, pin, scan, unpin } from "@masstree/tree/assembly/common";
import {
  allocateBox,
  BOX_HEAD,
  copyBoxes,
  copyPrevious,
  discardBox,
  previousBox,
} from "../../../assembly/box";
import { copyIn, copyOut, getBox, remove, removeEqual, setBox } from "../../../assembly/index";

export * from "@masstree/tree/test/explorer/assembly/rare";
export * from "../../../assembly/index";

const PAYLOAD: usize = ENTRIES;
const PAYLOADS: usize = 32768;
const EXPECTED: usize = 32768;
const NEXT: usize = 40960;

/** As `copyOut`, by way of the box where there is one: for what is longer than the scratch. */
export function readBox(keyLength: u32): i32 {
  const box = getBox(keyLength);
  if (box === 0) return copyOut(keyLength);
  const length = load<u32>(box - BOX_HEAD);
  copyBytes(participant + RESULT_SCRATCH + PAYLOAD, box, length);
  unpin();
  return <i32>length;
}

/** As `copyIn`, by way of a box that the caller fills: for what is longer than the scratch. */
export function fillBox(keyLength: u32, length: u32, condition: u32): u32 {
  const box = allocateBox(length);
  if (box === 0) return PUT_FULL;
  copyBytes(box, participant + RESULT_SCRATCH + PAYLOAD, length);
  const outcome = setBox(keyLength, box, condition);
  if (outcome === PUT_FULL || outcome === PUT_REFUSED) discardBox(box);
  return outcome;
}

/**
 * As `scan`; copies the payloads while pinned, and puts the places of the copies in place of the value words. With keys
 * of up to 64 bytes, and payloads that have room.
 */
export function scanBoxes(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  pin();
  const count = scan(startLength, endLength, flags, limit);
  const keyBytes = joinKeys(count);
  if (copyBoxes(count, keyBytes) !== count) unreachable();
  unpin();
  return count;
}

/** As `scanBoxes`, of one entry whose payload has no room in the scratch: JavaScript copies it. */
export function scanLongBox(startLength: u32, endLength: u32, flags: u32): u32 {
  pin();
  const count = scan(startLength, endLength, flags, 1);
  if (count !== 0 && copyBoxes(count, 0) === 0) {
    const entry = participant + RESULT_SCRATCH + PAYLOAD;
    const box = <usize>load<u64>(entry, ENTRY_VALUE);
    copyBytes(participant + RESULT_SCRATCH + PAYLOADS, box, load<u32>(box - BOX_HEAD));
  }
  unpin();
  return count;
}

/** Whether a write has found a payload, which it replaced or left. */
function hasFound(outcome: u32, condition: u32): bool {
  return outcome === PUT_REPLACED || (outcome === PUT_REFUSED && condition === PUT_IF_ABSENT);
}

/**
 * As `copyIn`, and copies the payload that it found to the result scratch while pinned, as JavaScript does. The
 * length of that payload; -1 when there was none, -2 when there was no memory.
 */
export function swapIn(keyLength: u32, length: u32, condition: u32): i32 {
  pin();
  const outcome = copyIn(keyLength, length, condition);
  let previous: i32 = outcome === PUT_FULL ? -2 : -1;
  if (hasFound(outcome, condition)) previous = <i32>copyPrevious();
  unpin();
  return previous;
}

/** As `swapIn`, by way of boxes: for payloads that are longer than the scratch. */
export function swapBox(keyLength: u32, length: u32, condition: u32): i32 {
  pin();
  const outcome = fillBox(keyLength, length, condition);
  let previous: i32 = outcome === PUT_FULL ? -2 : -1;
  if (hasFound(outcome, condition)) {
    previous = <i32>copyPrevious();
    if (load<u64>(participant, RESULT_SCRATCH + WORD_OUT) >> 63 === 0) {
      const box = previousBox();
      copyBytes(participant + RESULT_SCRATCH + PAYLOAD, box, previous);
    }
  }
  unpin();
  return previous;
}

/** As `remove`, and copies the payload that went while pinned, as JavaScript does. Its length; -1 for none. */
export function takeOut(keyLength: u32): i32 {
  pin();
  let previous: i32 = -1;
  if (remove(keyLength) !== 0) previous = <i32>copyPrevious();
  unpin();
  return previous;
}

/** Whether the key has the payload at EXPECTED, whose word the next call compares with. The thread is pinned. */
function expectPayload(keyLength: u32, expectedLength: u32): bool {
  if (copyOut(keyLength) !== <i32>expectedLength) return false;
  const scratch = participant + RESULT_SCRATCH;
  store<u64>(scratch, wordOut(), WORD_EXPECTED);
  return equalBytes(scratch + PAYLOAD, scratch + EXPECTED, expectedLength);
}

/**
 * Gives a key that has the payload at EXPECTED the one at NEXT, as JavaScript does: it compares payloads, and the
 * tree compares words. Returns as `copyIn`.
 */
export function compareIn(keyLength: u32, expectedLength: u32, length: u32): u32 {
  const scratch = participant + RESULT_SCRATCH;
  let outcome = PUT_REFUSED;
  pin();
  while (outcome === PUT_REFUSED && expectPayload(keyLength, expectedLength)) {
    copyBytes(scratch + PAYLOAD, scratch + NEXT, length);
    outcome = copyIn(keyLength, length, PUT_IF_EQUAL);
  }
  unpin();
  return outcome;
}

/** Removes a key that has the payload at EXPECTED, in the same way. Returns 1 if it did. */
export function compareOut(keyLength: u32, expectedLength: u32): u32 {
  let outcome: u32 = 0;
  pin();
  while (outcome === 0 && expectPayload(keyLength, expectedLength))
    outcome = removeEqual(keyLength);
  unpin();
  return outcome;
}
