// The tree with values in boxes as the explorer runs it: the exports of the shipped module of `masstree`,
// what is explored besides, and the ways in which JavaScript reads and fills boxes, which it does itself
// there: here they are steps.
//
//     result scratch   64      a payload on its way in or out (box.ts); entries of a scan
//                      32768   payloads of a scan's boxes: u32 length, payload, zero to 7 bytes more
//
// By path: `masstree` tests with this package, so it cannot be one that this package depends on.

import { RESULT_SCRATCH } from "@masstree/memory/assembly";
import { FULL, participant } from "@masstree/tree/assembly";
import { pin, scan, unpin } from "@masstree/tree/assembly/module";
import {
  allocateBox,
  copyOut,
  discardBox,
  getBox,
  setBox,
} from "../../../packages/masstree/assembly/box";

export * from "../../../packages/masstree/assembly/index";
export * from "./rare";

const PAYLOAD: usize = 64;
const PAYLOADS: usize = 32768;

function copy(to: usize, from: usize, length: u32): void {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) store<u64>(to + at, load<u64>(from + at));
  for (; at < length; at++) store<u8>(to + at, load<u8>(from + at));
}

/** As `copyOut`, by way of the box where there is one: for what is longer than the scratch. */
export function readBox(keyLength: u32): u32 {
  const box = getBox(keyLength);
  if (box === 0) return copyOut(keyLength);
  const length = load<u32>(box - 4);
  copy(participant + RESULT_SCRATCH + PAYLOAD, box, length);
  unpin();
  return length;
}

/** As `copyIn`, by way of a box that the caller fills: for what is longer than the scratch. */
export function fillBox(keyLength: u32, length: u32): u32 {
  const box = allocateBox(length);
  if (box === 0) return FULL;
  copy(box, participant + RESULT_SCRATCH + PAYLOAD, length);
  const outcome = setBox(keyLength, box);
  if (outcome === FULL) discardBox(box);
  return outcome;
}

/** As `scan`; copies the boxes' payloads while pinned, and puts the places of the copies in the entries' value words. */
export function scanBoxes(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  pin();
  const count = scan(startLength, endLength, flags, limit);
  let entry = participant + RESULT_SCRATCH + PAYLOAD;
  let target = participant + RESULT_SCRATCH + PAYLOADS;
  for (let left = count; left > 0; left--) {
    const word = load<u64>(entry, 8);
    if (word >> 63 === 0) {
      const box = <usize>word;
      const length = load<u32>(box - 4);
      store<u32>(target, length);
      copy(target + 4, box, length);
      store<u64>(entry, <u64>target, 8);
      target += (length + 11) & ~7;
    }
    entry += load<u32>(entry, 4);
  }
  unpin();
  return count;
}
