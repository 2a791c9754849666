/*
 * Dividing an interval of keys without reading it: the lines of the node that holds it lie in order, and the model has
 * spread the keys over them.
 *
 *     WORD_OUT       f64  the weight of what lies in front of the first place
 *     ENTRIES        as of a scan: the key is a place, the value word the weight (f64) of what lies between it and
 *                    the next
 *
 * Invariants
 *   PARTS1  A place is a key that some line had when it was read. While others write, places may be out of order or out
 *           of the interval: the caller drops those.
 *   PARTS2  The work is bounded: one way down, PLACES places, and for each of them SAMPLES lines.
 */
import { pin, unpin } from "@masstree/epoch/assembly";
import { storeIkey } from "@masstree/key/assembly";
import { BOUND_SCRATCH, KEY_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { SCAN_HAS_END, SCAN_HAS_START } from "@masstree/tree/assembly/scan";
import {
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  firstEntry,
  setWordOut,
} from "@masstree/tree/assembly/scratch";
import { isEmptyNode, nextLine } from "./group";
import { childOf, entriesIn, isChild, isEntry, keyIn, LINE_SLOTS, stateOf } from "./line";
import { lineAt, linesOf, predict, reachNode } from "./node";
import { KEY_BYTES, ordinalOf } from "./ordinal";
import { ROOT_LINE } from "./words";

/** Into how many parts an interval is divided at most. */
const PLACES: u32 = 64;
/** How many lines of a part an estimate looks at, and of each node below. */
const SAMPLES: u32 = 64;
const SAMPLES_BELOW: u32 = 16;
/** How many nodes below each other an estimate looks at. */
const LEVELS: u32 = 3;

/** Where the next place goes, and how many there are. */
class Parts {
  static out: usize = 0;
  static count: u32 = 0;
}

/** About how many entries the lines from `first` to before `end` have. */
function estimate(node: usize, first: u32, end: u32, level: u32): f64 {
  const step = max<u32>((end - first) / (level === 1 ? SAMPLES : SAMPLES_BELOW), 1);
  let sum: f64 = 0;
  let looked: u32 = 0;
  for (let index = first; index < end; index += step) {
    looked++;
    const state = stateOf(lineAt(node, index));
    if (!isChild(state)) sum += <f64>entriesIn(state);
    else {
      const child = childOf(state);
      reachNode(child);
      if (level < LEVELS) sum += estimate(child, 0, linesOf(child), level + 1);
      else if (!isEmptyNode(child)) sum += <f64>linesOf(child);
    }
  }
  return looked === 0 ? 0 : (sum * <f64>(end - first)) / <f64>looked;
}

/** The least key that a line has, down to its lowest node; u64.MAX_VALUE if it has none. */
function leastIn(line: usize): u64 {
  let at = line;
  while (true) {
    const state = stateOf(at);
    if (!isChild(state)) {
      let least = u64.MAX_VALUE;
      for (let slot: u32 = 0; slot < LINE_SLOTS; slot++) {
        if (isEntry(state, slot)) least = min(least, keyIn(at, slot));
      }
      return least;
    }
    const node = childOf(state);
    reachNode(node);
    const index = nextLine(node, 0);
    if (index >= linesOf(node)) return u64.MAX_VALUE;
    at = lineAt(node, index);
  }
}

function addPlace(key: u64, weight: f64): void {
  const out = Parts.out;
  store<u32>(out, KEY_BYTES);
  store<u32>(out, <u32>ENTRY_KEY + KEY_BYTES, ENTRY_BYTES);
  store<f64>(out, weight, ENTRY_VALUE);
  storeIkey(out + ENTRY_KEY, key);
  Parts.out = out + ENTRY_KEY + KEY_BYTES;
  Parts.count++;
}

/** Divides the lines from `first` to `last` of a node. */
function divideLines(node: usize, first: u32, last: u32): void {
  const lines = last - first + 1;
  const parts = min(lines, PLACES);
  for (let part: u32 = 0; part < parts; part++) {
    const begin = first + <u32>((<u64>part * lines) / parts);
    const end = first + <u32>((<u64>(part + 1) * lines) / parts);
    const weight = estimate(node, begin, end, 1);
    if (part === 0) {
      setWordOut(reinterpret<u64>(weight));
      continue;
    }
    const index = nextLine(node, begin);
    if (index >= end) continue;
    const key = leastIn(lineAt(node, index));
    if (key !== u64.MAX_VALUE) addPlace(key, weight);
  }
}

/** Divides the entries of a line without a child. */
function divideEntries(line: usize, low: u64, high: u64): void {
  const state = stateOf(line);
  let isFirst = true;
  let after = low;
  setWordOut(reinterpret<u64>(<f64>1));
  for (let round: u32 = 0; round < LINE_SLOTS; round++) {
    let least = u64.MAX_VALUE;
    for (let slot: u32 = 0; slot < LINE_SLOTS; slot++) {
      if (!isEntry(state, slot)) continue;
      const key = keyIn(line, slot);
      if (key >= after && key <= high) least = min(least, key);
    }
    if (least === u64.MAX_VALUE) return;
    if (!isFirst) addPlace(least, 1);
    isFirst = false;
    after = least + 1;
  }
}

/**
 * Divides the keys between two bounds at one node. The bounds are those of a scan, without direction. Returns how many
 * places it wrote; 0 if there is at most one entry.
 */
export function divide(flags: u32): u32 {
  const low: u64 = (flags & SCAN_HAS_START) !== 0 ? ordinalOf(participant + KEY_SCRATCH) : 0;
  const high =
    (flags & SCAN_HAS_END) !== 0 ? ordinalOf(participant + BOUND_SCRATCH) : u64.MAX_VALUE;
  Parts.out = firstEntry();
  Parts.count = 0;
  setWordOut(0);
  if (low > high) return 0;
  pin(participant);
  let line = ROOT_LINE;
  while (true) {
    const state = stateOf(line);
    if (!isChild(state)) {
      divideEntries(line, low, high);
      break;
    }
    const node = childOf(state);
    reachNode(node);
    const first = predict(node, low);
    const last = predict(node, high);
    if (first !== last) {
      divideLines(node, first, last);
      break;
    }
    line = lineAt(node, first);
  }
  unpin(participant);
  return Parts.count;
}
