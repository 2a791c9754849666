/**
 * A write to the tree, as a transaction: everything it needs is locked and allocated first, everything it changes is written
 * down first, then it commits by one store, and only then changes anything that others can see.
 *
 *     prepare          commit        apply                       give back       finish
 *     take locks       phase =       mark what is dirty          unlock          retire
 *     allocate         COMMITTED     store the log's words       phase =         phase =
 *     write the log                  phase = APPLIED             RETIRING        IDLE
 *
 * The journal lies in the participant's descriptor:
 *
 *     from PARTICIPANT_TREE                             from PARTICIPANT_LOG
 *     64   u32  phase    IDLE, COMMITTED, ...           16640  log: u32 address, u32 width in bytes, u64 value
 *     68   u32  locks    how many
 *     72   u32  writes   how many
 *     76   u32  retires  how many
 *     80   u32  retired  how many of them are done
 *     96   u32 node, u32 marks      [56]  the nodes it has locked, or is about to
 *     544  u32 block, u32 bytes     [56]  the blocks that it takes out of the structure
 *
 * Invariants
 *  X1  A node is in the journal before its lock is taken, and until after it is given back.
 *  X2  Before the commit nothing that others read has changed: dropping the locks and the new blocks undoes the write.
 *  X3  The log holds absolute values for words of locked nodes (or of new ones, or of this descriptor), so applying it once
 *      more changes nothing, as long as no lock has been given back; and none is before the phase is APPLIED.
 *  X4  All nodes that readers check are marked before the first word is stored, and unlocked after the last. So a reader
 *      sees all of a write in a node or none of it. New nodes can only be reached through marked ones, or through a root
 *      word, which is the log's last.
 *  X5  A block is retired after the last way to it is gone (APPLIED); `retired` says which are done, but for the one in
 *      between, which the epoch package knows.
 *  X6  New blocks are in the participant's hand (memory package) until the write has been applied, and live from then on.
 *
 * `finish` is what another thread does with the journal of one that died: it goes on from any point, and so does whoever
 * finishes after it (recover.ts).
 */

import { retire, wasRetired } from "@masstree/epoch/assembly";
import {
  handOver,
  PARTICIPANT_LOG,
  PARTICIPANT_LOG_BYTES,
  PARTICIPANT_TREE,
  reachTo,
} from "@masstree/memory/assembly";
import {
  clearRoot,
  isHeldBy,
  lockOrTimeout,
  markDeleted,
  markInserting,
  markSplitting,
  setRoot,
  unlock,
} from "@masstree/nodeversion/assembly";
import { NODE_BYTES } from "./leaf";
import { recoverOwner } from "./recover";
import { entriesField, owner, participant } from "./session";

@unmanaged
class Journal {
  phase: u32;
  locks: u32;
  writes: u32;
  retires: u32;
  retired: u32;
}

@unmanaged
class Lock {
  node: u32;
  marks: u32;
}

@unmanaged
class Retire {
  block: u32;
  bytes: u32;
}

@unmanaged
class Write {
  address: u32;
  width: u32;
  value: u64;
}

const JOURNAL: usize = PARTICIPANT_TREE + 64;
const LOCKS: usize = PARTICIPANT_TREE + 96;
const RETIRES: usize = PARTICIPANT_TREE + 544;
const LOG_START: u32 = 33024;
const LOG: usize = PARTICIPANT_LOG + LOG_START;
/**
 * Room in the log and in the lists. A level of a split logs 2 words for every separator and child that it has room for, and
 * 6 besides; a tree of 4 GiB has at most some 9 levels at width 24, and 27 at width 3: some 500 in all. A bag that is
 * rewritten in place takes a word for every 8 bytes, up to 1,024 (suffix.ts).
 */
const LOG_CAPACITY: u32 = (PARTICIPANT_LOG_BYTES - LOG_START) / <u32>offsetof<Write>();
const LIST_CAPACITY: u32 = 56;

/** Phases. */
const IDLE: u32 = 0;
const COMMITTED: u32 = 1;
const APPLIED: u32 = 2;
const RETIRING: u32 = 3;

/** What a transaction does to a node's version, besides unlocking it. */
export const INSERTS: u32 = 1;
export const SPLITS: u32 = 2;
export const DELETES: u32 = 4;
export const GAINS_ROOT: u32 = 8;
export const LOSES_ROOT: u32 = 16;

function journal(): Journal {
  return changetype<Journal>(participant + JOURNAL);
}

function lockAt(index: u32): Lock {
  return changetype<Lock>(participant + LOCKS + index * offsetof<Lock>());
}

function retireAt(index: u32): Retire {
  return changetype<Retire>(participant + RETIRES + index * offsetof<Retire>());
}

/** Takes a node's lock (X1). Looks after an owner that does not go on. */
export function take(node: usize): void {
  while (!takeOrTimeout(node)) recoverOwner(node);
}

/** As `take`; false, with nothing taken, when it was not given back for some 10 ms. */
export function takeOrTimeout(node: usize): bool {
  const it = journal();
  if (DEBUG && it.locks === LIST_CAPACITY) unreachable();
  const entry = lockAt(it.locks);
  entry.node = <u32>node;
  entry.marks = 0;
  it.locks++;
  reachTo(node, NODE_BYTES);
  if (lockOrTimeout(node, owner)) return true;
  it.locks--;
  return false;
}

/** Gives back the lock that was taken last, without having changed anything. */
export function giveBack(): void {
  const it = journal();
  unlock(lockAt(it.locks - 1).node);
  it.locks--;
}

/** How many locks this transaction holds. */
export function held(): u32 {
  return journal().locks;
}

/** The node that was locked as number `index`. */
export function heldNode(index: u32): usize {
  return lockAt(index).node;
}

/** Says what the commit does to the version of a node that is locked. */
export function mark(node: usize, marks: u32): void {
  let index: u32 = 0;
  while (lockAt(index).node !== <u32>node) index++;
  lockAt(index).marks |= marks;
}

function write(address: usize, width: u32, value: u64): void {
  const it = journal();
  if (DEBUG && it.writes === LOG_CAPACITY) unreachable();
  const entry = changetype<Write>(participant + LOG + it.writes * offsetof<Write>());
  entry.address = <u32>address;
  entry.width = width;
  entry.value = value;
  it.writes++;
}

/** Logs the store of a word (X3). The log is applied in this order. */
export function write64(address: usize, value: u64): void {
  write(address, 8, value);
}

export function write32(address: usize, value: u32): void {
  write(address, 4, value);
}

export function write8(address: usize, value: u32): void {
  write(address, 1, value);
}

/** Logs a change of one of this participant's counters (session.ts S1); once a transaction for each. */
export function writeCounter(field: usize, difference: i32): void {
  if (difference !== 0) write64(field, load<u64>(field) + difference);
}

/** Logs a change of the number of entries. */
export function writeSize(difference: i32): void {
  writeCounter(entriesField(), difference);
}

/** Has a block retired once it is out of the structure (X5). */
export function retireAfterwards(block: usize, bytes: u32): void {
  const it = journal();
  if (DEBUG && it.retires === LIST_CAPACITY) unreachable();
  const entry = retireAt(it.retires);
  entry.block = <u32>block;
  entry.bytes = bytes;
  it.retires++;
}

/** Undoes what was prepared: the locks are given back, the log is forgotten. New blocks are the caller's to free. */
export function abort(): void {
  const it = journal();
  it.writes = 0;
  it.retires = 0;
  while (it.locks !== 0) giveBack();
}

function applyMarks(node: usize, marks: u32): void {
  if ((marks & INSERTS) !== 0) markInserting(node);
  if ((marks & SPLITS) !== 0) markSplitting(node);
  if ((marks & DELETES) !== 0) markDeleted(node);
  if ((marks & GAINS_ROOT) !== 0) setRoot(node);
  if ((marks & LOSES_ROOT) !== 0) clearRoot(node);
}

function applyWrite(entry: Write): void {
  const address = <usize>entry.address;
  const value = entry.value;
  reachTo(address, 8);
  if (entry.width === 8) atomic.store<u64>(address, value);
  else if (entry.width === 4) atomic.store<u32>(address, <u32>value);
  else atomic.store<u8>(address, <u8>value);
}

/** Makes the write happen, and ends the transaction. Cannot fail. */
export function commit(): void {
  journal().phase = COMMITTED;
  apply();
  const it = journal();
  it.phase = APPLIED;
  const locks = it.locks;
  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);
  handOver(participant); // X6
  it.phase = RETIRING;
  if (it.retires !== 0) retireRest();
  end();
}

/** X4. */
function apply(): void {
  const it = journal();
  const locks = it.locks;
  for (let index: u32 = 0; index < locks; index++) {
    const entry = lockAt(index);
    if (entry.marks !== 0) applyMarks(entry.node, entry.marks);
  }
  let entry = participant + LOG;
  const last = entry + it.writes * offsetof<Write>();
  for (; entry < last; entry += offsetof<Write>()) applyWrite(changetype<Write>(entry));
}

/** X5. */
function retireRest(): void {
  const it = journal();
  while (it.retired < it.retires) {
    const entry = retireAt(it.retired);
    retire(participant, entry.block, entry.bytes);
    it.retired++;
  }
}

function end(): void {
  const it = journal();
  it.phase = IDLE;
  it.locks = 0;
  it.writes = 0;
  it.retires = 0;
  it.retired = 0;
}

/** Gives back the locks of the journal that are still held: where a thread stopped, it is not known which. */
function giveBackRest(): void {
  const it = journal();
  const locks = it.locks;
  for (let index: u32 = 0; index < locks; index++) {
    const node = <usize>lockAt(index).node;
    if (isHeldBy(node, owner)) unlock(node);
  }
}

/**
 * Finishes or undoes the transaction of a thread that stopped for good; this instance has entered its descriptor. Can itself
 * be stopped anywhere, and done again by another.
 */
export function finish(): void {
  const it = journal();
  if (it.phase === COMMITTED) {
    apply();
    it.phase = APPLIED;
  }
  if (it.phase === APPLIED) {
    giveBackRest();
    handOver(participant);
    it.phase = RETIRING;
  }
  if (it.phase === RETIRING) {
    if (it.retired < it.retires && wasRetired(participant, retireAt(it.retired).block))
      it.retired++;
    retireRest();
  } else giveBackRest();
  end();
}
