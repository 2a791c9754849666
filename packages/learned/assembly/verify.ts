/*
 * The executable form of the invariants, over an index that nobody is using. One walk through all lines in order; the
 * way down is in the frames of the workspace.
 */
import { EPOCHS_OK, epochsPlace, retiredRealBytes, verifyEpochs } from "@masstree/epoch/assembly";
import {
  committedBytes,
  liveBytes,
  participantAt,
  participantLimit,
  reachTo,
  realBytes,
  verifyMemory,
} from "@masstree/memory/assembly";
import { isDirty, isLocked, loadVersion } from "@masstree/nodeversion/assembly";
import { enter, participant } from "@masstree/session/assembly";
import { ringBytes } from "@masstree/tree/assembly/changes";
import { areWaitsSound } from "@masstree/tree/assembly/events";
import { fail } from "@masstree/tree/assembly/fault";
import { totalEntries, totalInternodes, totalLeaves } from "@masstree/tree/assembly/tree-words";
import { PlainWords } from "@masstree/tree/assembly/values";
import { lockedGroup, wrongGroup } from "./group";
import {
  childOf,
  entriesIn,
  frozenBy,
  isChild,
  isEntry,
  isSound,
  isVacant,
  keyIn,
  LINE_SLOTS,
  stateOf,
  valueIn,
} from "./line";
import { loadBytes } from "./loaded";
import { blockOf, bytesOf, lineAt, linesOf, Node, predict, reachNode } from "./node";
import { frameLine, frameNode, MOST_FRAMES, setFrame, setFrameLine } from "./scratch";
import {
  buildingField,
  dyingField,
  frozenField,
  hasDoubles,
  placedField,
  placeField,
  ROOT_LINE,
  retiringField,
} from "./words";

/** What `verify` found, named in src/invariants.ts. */
const SOUND: u32 = 0;
const NOT_QUIET: u32 = 1;
const FROZEN_LINE: u32 = 2; // FREEZE2
const BAD_STATE: u32 = 3;
const WRONG_LINE: u32 = 4; // LINE5
const BAD_ORDER: u32 = 5; // MODEL2, LINE5
const BAD_MODEL: u32 = 6; // MODEL2, FIT2
const BAD_BITS: u32 = 7; // GROUP1
const TOO_DEEP: u32 = 8;
const BAD_COUNT: u32 = 9; // WORDS1
const LEFT_OVER: u32 = 10; // SUBTREE1, SUBTREE3, FREEZE3
const BAD_MEMORY: u32 = 11;
const BAD_EPOCHS: u32 = 12;
const BAD_WAITS: u32 = 13; // EVENT3
const BAD_ACCOUNT: u32 = 14;

/** What the walk has counted so far. It waits for no lock, because no other operation is running. */
class Seen {
  static entries: u64 = 0;
  static lines: u64 = 0;
  static nodes: u64 = 0;
  static bytes: f64 = 0;
  static last: u64 = 0;
  static hasLast: bool = false;
}

/** Whether the base and the slope of a model of values are numbers, and the map has such models. */
function isValueModel(it: Node): bool {
  const base = reinterpret<f64>(it.base);
  return hasDoubles() && abs(base) <= f64.MAX_VALUE && abs(it.slope) <= f64.MAX_VALUE;
}

/** A node by itself: its model, and its groups. */
function verifyNode(node: usize): u32 {
  const it = changetype<Node>(node);
  Seen.nodes++;
  Seen.lines += it.lines;
  Seen.bytes += realBytes(blockOf(node), bytesOf(node));
  // False for what is not a number, too.
  const isModel =
    it.lines >= 2 &&
    (it.slope < 0 ? isValueModel(it) : it.slope > 0 && it.slope <= 4294967296.0) &&
    it.intercept >= 0 &&
    it.intercept <= <f64>it.lines;
  if (!isModel)
    return fail(BAD_MODEL, node, reinterpret<u64>(it.slope), reinterpret<u64>(it.intercept));
  const locked = lockedGroup(node);
  return locked === 0 ? SOUND : fail(NOT_QUIET, locked, loadVersion(locked));
}

/** The entries of a line, `depth` frames down. */
function verifyEntries<V extends PlainWords>(line: usize, state: u64, depth: i32): u32 {
  let before = Seen.last;
  let hasBefore = Seen.hasLast;
  for (let round = entriesIn(state); round > 0; round--) {
    let least: u64 = 0;
    let at: u32 = LINE_SLOTS;
    for (let slot: u32 = 0; slot < LINE_SLOTS; slot++) {
      if (!isEntry(state, slot)) continue;
      const key = keyIn(line, slot);
      if (hasBefore && key <= before) continue;
      if (at === LINE_SLOTS || key < least) {
        least = key;
        at = slot;
      }
    }
    // An entry that is not above the last one, or is there twice.
    if (at === LINE_SLOTS) return fail(BAD_ORDER, line, before, state);
    for (let level: i32 = 0; level <= depth; level++) {
      const index = predict(frameNode(level), least);
      if (index !== frameLine(level) - 1) return fail(WRONG_LINE, line, least, index);
    }
    const value = changetype<V>(0).block(valueIn(line, at));
    if (value !== 0) Seen.bytes += realBytes(value, changetype<V>(0).bytes(valueIn(line, at)));
    Seen.entries++;
    before = least;
    hasBefore = true;
  }
  Seen.last = before;
  Seen.hasLast = hasBefore;
  return SOUND;
}

function verifyLine(line: usize): u32 {
  const version = loadVersion(line);
  if (isLocked(version) || isDirty(version)) return fail(NOT_QUIET, line, version);
  const state = stateOf(line);
  if (frozenBy(state) !== 0) return fail(FROZEN_LINE, line, state);
  return isSound(state) ? SOUND : fail(BAD_STATE, line, state);
}

function verifyLines<V extends PlainWords>(): u32 {
  let depth: i32 = -1;
  let line = ROOT_LINE;
  while (true) {
    const wrong = verifyLine(line);
    if (wrong !== SOUND) return wrong;
    const state = stateOf(line);
    if (depth >= 0) {
      const node = frameNode(depth);
      const group = wrongGroup(node, frameLine(depth) - 1, isVacant(state));
      if (group !== 0) return fail(BAD_BITS, group, line, state);
    }
    if (isChild(state)) {
      if (depth + 1 === <i32>MOST_FRAMES) return fail(TOO_DEEP, line);
      const child = childOf(state);
      reachNode(child);
      const badNode = verifyNode(child);
      if (badNode !== SOUND) return badNode;
      setFrame(++depth, child, 0);
    } else {
      const badEntries = verifyEntries<V>(line, state, depth);
      if (badEntries !== SOUND) return badEntries;
    }
    while (depth >= 0 && frameLine(depth) === linesOf(frameNode(depth))) depth--;
    if (depth < 0) return SOUND;
    const index = frameLine(depth);
    setFrameLine(depth, index + 1);
    line = lineAt(frameNode(depth), index);
  }
}

/** The words of every descriptor: nothing is under way. Counts the arrays of loads. */
function verifyDescriptors(): u32 {
  const self = participant;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor === 0) continue;
    // Only to address its words: nothing waits here.
    enter(descriptor);
    const isLeft =
      load<u32>(placeField()) |
      load<u32>(frozenField()) |
      load<u32>(buildingField()) |
      load<u32>(dyingField()) |
      load<u32>(retiringField()) |
      load<u32>(placedField());
    Seen.bytes += loadBytes();
    enter(self);
    if (isLeft !== 0) return fail(LEFT_OVER, descriptor, isLeft);
  }
  return SOUND;
}

/** Checks everything. Returns SOUND, or the first fault that it finds. */
export function verify<V extends PlainWords>(): u32 {
  Seen.entries = 0;
  Seen.lines = 0;
  Seen.nodes = 0;
  Seen.bytes = ringBytes();
  Seen.hasLast = false;
  reachTo(0, <u32>(committedBytes() - 1));
  const status = verifyLines<V>();
  if (status !== SOUND) return status;
  const left = verifyDescriptors();
  if (left !== SOUND) return left;
  if (<i64>Seen.entries !== totalEntries())
    return fail(BAD_COUNT, 0, Seen.entries, <u64>totalEntries());
  if (<i64>Seen.lines !== totalLeaves()) return fail(BAD_COUNT, 1, Seen.lines, <u64>totalLeaves());
  if (<i64>Seen.nodes !== totalInternodes())
    return fail(BAD_COUNT, 2, Seen.nodes, <u64>totalInternodes());
  const memory = verifyMemory();
  if (memory !== 0) return fail(BAD_MEMORY, 0, memory);
  const epochs = verifyEpochs();
  if (epochs !== EPOCHS_OK) return fail(BAD_EPOCHS, epochsPlace, epochs);
  if (!areWaitsSound()) return fail(BAD_WAITS, 0);
  const live = liveBytes();
  const known = Seen.bytes + retiredRealBytes();
  if (live !== known) return fail(BAD_ACCOUNT, 0, <u64>live, <u64>known);
  return SOUND;
}
