/*
 * The journal: it makes a write a transaction. A write first takes all its locks, allocates all its blocks and
 * logs all its changes. Then one store commits it. Only after that does anything change that others can see.
 *
 *     prepare          commit        apply                       give back       finish
 *     take locks       phase =       mark what is dirty          unlock          retire
 *     allocate         COMMITTED     store the log's words       phase =         phase =
 *     write the log                  phase = APPLIED             RETIRING        IDLE
 *
 * It is part of the participant's descriptor (memory's descriptor.ts):
 *
 *     from PARTICIPANT_JOURNAL                          from PARTICIPANT_LOG
 *     Journal  u32 phase     IDLE, COMMITTED, ...       log: u32 address, u32 width in bytes, u64 value
 *              u32 locks     how many
 *              u32 writes    how many
 *              u32 retires   how many
 *              u32 retired   how many of them are done
 *     LOCKS    u32 node, u32 marks      [56]  the nodes it has locked, or is about to lock
 *     RETIRES  u32 block, u32 bytes     [56]  the blocks that it removes from the structure
 *
 * Invariants
 *   JOURNAL1  A node is in the journal before its lock is taken, and until after the lock is given back.
 *   JOURNAL2  Before the commit, nothing that others read has changed: dropping the locks and freeing the new
 *             blocks undoes the write.
 *   JOURNAL3  The log holds absolute values for words of locked nodes, of new nodes, or of this descriptor. So
 *             applying it again changes nothing, as long as no lock has been given back; and none is given back
 *             before the phase is APPLIED.
 *   JOURNAL4  All nodes that readers check are marked before the first word is stored, and unlocked after the
 *             last. So a reader sees all of a write in a node or none of it. New nodes can only be reached through
 *             marked ones, or through a root word, which comes last in the log.
 *   JOURNAL5  A block is retired after the last path to it is gone (APPLIED). `retired` counts the blocks that are
 *             done. It may miss the one being retired when the thread died; the epoch package knows that one.
 *   JOURNAL6  New blocks are private (memory package) until the write has been applied, and live from then on.
 *
 * When a thread dies, another calls `finishWrite` on its journal. It continues from any point; if it dies too, the
 * next one continues in the same way (recover.ts).
 */

import { retire, wasRetired } from "@masstree/epoch/assembly";
import {
  dropAllPrivate,
  JOURNAL_BYTES,
  LOG_BYTES,
  PARTICIPANT_JOURNAL,
  PARTICIPANT_LOG,
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
import { Client } from "./client";
import { owner, participant } from "./participant";

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

/** How many nodes a write can lock, and how many blocks it can retire. */
export const LIST_CAPACITY: u32 = 56;
const LOCKS: usize = PARTICIPANT_JOURNAL + offsetof<Journal>();
const RETIRES: usize = LOCKS + LIST_CAPACITY * offsetof<Lock>();
const END: usize = RETIRES + LIST_CAPACITY * offsetof<Retire>();

/** How many words a write can log. */
export const LOG_CAPACITY: u32 = LOG_BYTES / <u32>offsetof<Write>();

/** Phases. */
const IDLE: u32 = 0;
const COMMITTED: u32 = 1;
const APPLIED: u32 = 2;
const RETIRING: u32 = 3;

/** What a write does to a node's version, besides unlocking it. This one marks it as inserting. */
export const INSERTS: u32 = 1;
/** Marks it as splitting. */
export const SPLITS: u32 = 2;
/** Marks it as deleted. */
export const DELETES: u32 = 4;
/** Sets its root bit. */
export const GAINS_ROOT: u32 = 8;
/** Clears its root bit. */
export const LOSES_ROOT: u32 = 16;

function journal(): Journal {
  if (END > PARTICIPANT_JOURNAL + JOURNAL_BYTES) ERROR("the journal does not fit in its area");
  return changetype<Journal>(participant + PARTICIPANT_JOURNAL);
}

function lockAt(index: u32): Lock {
  return changetype<Lock>(participant + LOCKS + index * offsetof<Lock>());
}

function retireAt(index: u32): Retire {
  return changetype<Retire>(participant + RETIRES + index * offsetof<Retire>());
}

/**
 * Reaches a node and takes its lock (JOURNAL1).
 *
 * @param node address of its version word
 * @returns false, with no lock taken, if the owner did not give it back within about 10 ms
 */
export function lockNodeOrTimeout<C extends Client>(node: usize): bool {
  const it = journal();
  if (DEBUG && it.locks === LIST_CAPACITY) unreachable();
  const entry = lockAt(it.locks);
  entry.node = <u32>node;
  entry.marks = 0;
  it.locks++;
  reachTo(node, changetype<C>(0).nodeBytes());
  if (lockOrTimeout(node, owner)) return true;
  it.locks--;
  return false;
}

/** Gives back the lock that was taken last. Nothing has changed. */
export function unlockLast(): void {
  const it = journal();
  unlock(lockAt(it.locks - 1).node);
  it.locks--;
}

/** How many locks this write holds. */
export function lockedCount(): u32 {
  return journal().locks;
}

/** The node whose lock was taken as number `index`, counted from 0. */
export function lockedNode(index: u32): usize {
  return lockAt(index).node;
}

/** Plans what the commit does to the version of a locked node: INSERTS, SPLITS, ... */
export function markNode(node: usize, marks: u32): void {
  let index: u32 = 0;
  while (lockAt(index).node !== <u32>node) index++;
  lockAt(index).marks |= marks;
}

function write(address: usize, width: u32, value: u64): void {
  const it = journal();
  if (DEBUG && it.writes === LOG_CAPACITY) unreachable();
  const entry = changetype<Write>(participant + PARTICIPANT_LOG + it.writes * offsetof<Write>());
  entry.address = <u32>address;
  entry.width = width;
  entry.value = value;
  it.writes++;
}

/** Logs the store of 8 bytes (JOURNAL3). The log is applied in the order in which it was written. */
export function write64(address: usize, value: u64): void {
  write(address, 8, value);
}

/** The same for 4 bytes. */
export function write32(address: usize, value: u32): void {
  write(address, 4, value);
}

/** The same for one byte. */
export function write8(address: usize, value: u32): void {
  write(address, 1, value);
}

/** Logs a change of one of this participant's own counters; at most once per counter and write. */
export function writeCounter(field: usize, difference: i32): void {
  if (difference !== 0) write64(field, load<u64>(field) + difference);
}

/** Plans that a block is retired once it is out of the structure (JOURNAL5). */
export function retireAfterwards(block: usize, bytes: u32): void {
  const it = journal();
  if (DEBUG && it.retires === LIST_CAPACITY) unreachable();
  const entry = retireAt(it.retires);
  entry.block = <u32>block;
  entry.bytes = bytes;
  it.retires++;
}

/** Undoes what was prepared: gives the locks back and clears the log. The caller frees new blocks. */
export function abortWrite(): void {
  const it = journal();
  it.writes = 0;
  it.retires = 0;
  while (it.locks !== 0) unlockLast();
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

/** Applies the write and ends it. Cannot fail. */
export function commitWrite(): void {
  journal().phase = COMMITTED;
  apply();
  const it = journal();
  it.phase = APPLIED;
  const locks = it.locks;
  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);
  dropAllPrivate(participant); // JOURNAL6
  it.phase = RETIRING;
  if (it.retires !== 0) retireRest();
  end();
}

/** JOURNAL4. */
function apply(): void {
  const it = journal();
  const locks = it.locks;
  for (let index: u32 = 0; index < locks; index++) {
    const entry = lockAt(index);
    if (entry.marks !== 0) applyMarks(entry.node, entry.marks);
  }
  let entry = participant + PARTICIPANT_LOG;
  const last = entry + it.writes * offsetof<Write>();
  for (; entry < last; entry += offsetof<Write>()) applyWrite(changetype<Write>(entry));
}

/** JOURNAL5. */
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

/** Gives back the journal's locks that are still held: nothing says which ones a stopped thread had given back. */
function unlockRest(): void {
  const it = journal();
  const locks = it.locks;
  for (let index: u32 = 0; index < locks; index++) {
    const node = <usize>lockAt(index).node;
    if (isHeldBy(node, owner)) unlock(node);
  }
}

/**
 * Finishes or undoes the write of a thread that stopped for good; this instance has entered its descriptor. The
 * call can itself be stopped anywhere, and repeated by another thread.
 */
export function finishWrite(): void {
  const it = journal();
  if (it.phase === COMMITTED) {
    apply();
    it.phase = APPLIED;
  }
  if (it.phase === APPLIED) {
    unlockRest();
    dropAllPrivate(participant);
    it.phase = RETIRING;
  }
  if (it.phase === RETIRING) {
    if (it.retired < it.retires && wasRetired(participant, retireAt(it.retired).block))
      it.retired++;
    retireRest();
  } else unlockRest();
  end();
}
