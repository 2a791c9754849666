/*
 * The ways in which JavaScript reads and fills boxes, which it does itself in the shipped maps: for the explorer they are
 * steps. They are generic over the calls into the module: of the tree's here (boxed.ts), and of other maps with boxes.
 *
 *     result scratch   64      a payload on its way in or out (box.ts); entries of a scan
 *                      32768   scanLongBox: the payload
 *                              compareIn: the payload to compare with
 *                      40960   compareIn: the payload to set
 */
import { copyBytes, equalBytes } from "@masstree/key/assembly";
import { RESULT_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { pin, unpin } from "@masstree/session/assembly/module";
import {
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_REFUSED,
  PUT_REPLACED,
} from "@masstree/tree/assembly/condition";
import {
  ENTRIES,
  ENTRY_VALUE,
  WORD_EXPECTED,
  WORD_OUT,
  wordOut,
} from "@masstree/tree/assembly/scratch";
import {
  allocateBox,
  BOX_HEAD,
  copyBoxes,
  copyPrevious,
  discardBox,
  previousBox,
} from "masstree/assembly/box";

/** The exports of a module with boxes that differ from map to map. */
@unmanaged
export class Calls {
  getBox(_keyLength: u32): usize {
    return 0;
  }
  setBox(_keyLength: u32, _box: usize, _condition: u32): u32 {
    return PUT_FULL;
  }
  copyOut(_keyLength: u32): i32 {
    return -1;
  }
  copyIn(_keyLength: u32, _length: u32, _condition: u32): u32 {
    return PUT_FULL;
  }
  remove(_keyLength: u32): u32 {
    return 0;
  }
  removeEqual(_keyLength: u32): u32 {
    return 0;
  }
  scan(_startLength: u32, _endLength: u32, _flags: u32, _limit: u32): u32 {
    return 0;
  }
  joinKeys(_count: u32): u32 {
    return 0;
  }
}

const PAYLOAD: usize = ENTRIES;
const PAYLOADS: usize = 32768;
const EXPECTED: usize = 32768;
const NEXT: usize = 40960;

/** As `copyOut`, by way of the box where there is one: for what is longer than the scratch. */
export function readBox<C extends Calls>(keyLength: u32): i32 {
  const box = changetype<C>(0).getBox(keyLength);
  if (box === 0) return changetype<C>(0).copyOut(keyLength);
  const length = load<u32>(box - BOX_HEAD);
  copyBytes(participant + RESULT_SCRATCH + PAYLOAD, box, length);
  unpin();
  return <i32>length;
}

/** As `copyIn`, by way of a box that the caller fills: for what is longer than the scratch. */
export function fillBox<C extends Calls>(keyLength: u32, length: u32, condition: u32): u32 {
  const box = allocateBox(length);
  if (box === 0) return PUT_FULL;
  copyBytes(box, participant + RESULT_SCRATCH + PAYLOAD, length);
  const outcome = changetype<C>(0).setBox(keyLength, box, condition);
  if (outcome === PUT_FULL || outcome === PUT_REFUSED) discardBox(box);
  return outcome;
}

/**
 * As `scan`; copies the payloads while pinned, and puts the places of the copies in place of the value words. With keys
 * of up to 64 bytes, and payloads that have room.
 */
export function scanBoxes<C extends Calls>(
  startLength: u32,
  endLength: u32,
  flags: u32,
  limit: u32,
): u32 {
  pin();
  const count = changetype<C>(0).scan(startLength, endLength, flags, limit);
  const keyBytes = changetype<C>(0).joinKeys(count);
  if (copyBoxes(count, keyBytes) !== count) unreachable();
  unpin();
  return count;
}

/** As `scanBoxes`, of one entry whose payload has no room in the scratch: JavaScript copies it. */
export function scanLongBox<C extends Calls>(startLength: u32, endLength: u32, flags: u32): u32 {
  pin();
  const count = changetype<C>(0).scan(startLength, endLength, flags, 1);
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
export function swapIn<C extends Calls>(keyLength: u32, length: u32, condition: u32): i32 {
  pin();
  const outcome = changetype<C>(0).copyIn(keyLength, length, condition);
  let previous: i32 = outcome === PUT_FULL ? -2 : -1;
  if (hasFound(outcome, condition)) previous = <i32>copyPrevious();
  unpin();
  return previous;
}

/** As `swapIn`, by way of boxes: for payloads that are longer than the scratch. */
export function swapBox<C extends Calls>(keyLength: u32, length: u32, condition: u32): i32 {
  pin();
  const outcome = fillBox<C>(keyLength, length, condition);
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
export function takeOut<C extends Calls>(keyLength: u32): i32 {
  pin();
  let previous: i32 = -1;
  if (changetype<C>(0).remove(keyLength) !== 0) previous = <i32>copyPrevious();
  unpin();
  return previous;
}

/** Whether the key has the payload at EXPECTED, whose word the next call compares with. The thread is pinned. */
function expectPayload<C extends Calls>(keyLength: u32, expectedLength: u32): bool {
  if (changetype<C>(0).copyOut(keyLength) !== <i32>expectedLength) return false;
  const scratch = participant + RESULT_SCRATCH;
  store<u64>(scratch, wordOut(), WORD_EXPECTED);
  return equalBytes(scratch + PAYLOAD, scratch + EXPECTED, expectedLength);
}

/**
 * Gives a key that has the payload at EXPECTED the one at NEXT, as JavaScript does: it compares payloads, and the
 * tree compares words. Returns as `copyIn`.
 */
export function compareIn<C extends Calls>(keyLength: u32, expectedLength: u32, length: u32): u32 {
  const scratch = participant + RESULT_SCRATCH;
  let outcome = PUT_REFUSED;
  pin();
  while (outcome === PUT_REFUSED && expectPayload<C>(keyLength, expectedLength)) {
    copyBytes(scratch + PAYLOAD, scratch + NEXT, length);
    outcome = changetype<C>(0).copyIn(keyLength, length, PUT_IF_EQUAL);
  }
  unpin();
  return outcome;
}

/** Removes a key that has the payload at EXPECTED, in the same way. Returns 1 if it did. */
export function compareOut<C extends Calls>(keyLength: u32, expectedLength: u32): u32 {
  let outcome: u32 = 0;
  pin();
  while (outcome === 0 && expectPayload<C>(keyLength, expectedLength))
    outcome = changetype<C>(0).removeEqual(keyLength);
  unpin();
  return outcome;
}
