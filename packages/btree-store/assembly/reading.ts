/*
 * What each participant reads, so that no writer takes a page that it may need (FREE1 of src/space.ts).
 *
 *   byte of the structure's part of a descriptor
 *   0   reading    u64  1 + the commit of the state that its transaction reads; 0 = none. A bound: no page of that
 *                       state, or of a newer one, is taken
 *   8   snapshots  u32  the first of its snapshots, 0 = none
 *   12  stage      u32  block of STAGE_BYTES: pages on their way to and from the file; kept for later participants
 *   16  leaving    u32  1 once it is about to be detached, and does not count as one that has the store open
 *
 *   byte of a snapshot
 *   0   next       u32        8   commit  u64        24  the name in UTF-8
 *   4   nameBytes  u32        16  since   f64            then, at a multiple of 8, 8 bytes for @masstree/epoch
 *
 * Invariants
 *   READING1  A participant announces a commit, and then loads the newest state. Only if that is the one which it has
 *             announced, it reads it. A writer looks at the announcements after it has published a state. So it sees
 *             all announcements of earlier states that are read, or will be.
 *   READING2  The list of snapshots changes by journaled writes of its own participant, or of the one that recovers
 *             it. Others look at it while they are pinned.
 *   READING3  A writer that releases pages first says up to which commit (`releasedTo`), and looks at the announcements
 *             once more. So a participant that announces a commit which is not the newest, and then finds
 *             `releasedTo` at most that, has its pages.
 */

import { pin, RETIRE_TAIL, unpin } from "@masstree/epoch/assembly";
import {
  allocate,
  KEY_SCRATCH,
  PARTICIPANT_STRUCTURE,
  participantAt,
  participantLimit,
  RESULT_SCRATCH,
  reachTo,
} from "@masstree/memory/assembly";
import {
  commitWrite,
  participant,
  retireAfterwards,
  structureWord,
  write32,
} from "@masstree/session/assembly";
import { Book } from "./book";
import { VALUE_AT, VALUE_ROOM } from "./scratch";
import { words } from "./words";

@unmanaged
class Reader {
  reading: u64;
  snapshots: u32;
  stage: u32;
  leaving: u32;
}

@unmanaged
class Snapshot {
  next: u32;
  nameBytes: u32;
  commit: u64;
  since: f64;
}

const SNAPSHOT_HEAD: usize = offsetof<Snapshot>();
/** The longest name of a snapshot that others see, in bytes. */
export const SNAPSHOT_NAME: u32 = 255;
/** Bytes of an entry of `snapshotsOf`, without its name, which is filled up to a multiple of 8. */
export const SNAPSHOT_ENTRY: u32 = 24;

const READING: usize = offsetof<Reader>("reading");
const SNAPSHOTS: usize = offsetof<Reader>("snapshots");
const STAGE: usize = offsetof<Reader>("stage");
const LEAVING: usize = offsetof<Reader>("leaving");

function snapshotBytes(nameBytes: u32): u32 {
  return <u32>SNAPSHOT_HEAD + ((nameBytes + 7) & ~7) + <u32>RETIRE_TAIL;
}

/** Address of the participant's stage; 0 if it has none yet. */
export function stage(): usize {
  return load<u32>(structureWord(STAGE));
}

export function setStage(block: usize): void {
  store<u32>(structureWord(STAGE), <u32>block);
}

/** Whether the participant is about to be detached. */
export function setLeaving(isLeaving: bool): void {
  atomic.store<u32>(structureWord(LEAVING), u32(isLeaving));
}

/** Whether any participant is, by its number. */
export function isLeaving(number: u32): bool {
  const descriptor = participantAt(number - 1);
  return descriptor !== 0 && atomic.load<u32>(descriptor + PARTICIPANT_STRUCTURE + LEAVING) !== 0;
}

/** The participant needs the pages of the state of a commit, and of all newer ones. */
export function announce(commit: u64): void {
  atomic.store<u64>(structureWord(READING), commit + 1);
}

/** It needs none any more, but for its snapshots. */
export function endRead(): void {
  atomic.store<u64>(structureWord(READING), 0);
}

/**
 * Keeps the pages of a state until `dropSnapshot`. The participant has announced it, or has asked `isWhole` afterwards.
 *
 * @param nameBytes length of the name in the key scratch, at most SNAPSHOT_NAME
 * @returns what `dropSnapshot` takes; 0 when the region is full
 */
export function addSnapshot(commit: u64, since: f64, nameBytes: u32): usize {
  const block = allocate(participant, snapshotBytes(nameBytes));
  if (block === 0) return 0;
  reachTo(block, snapshotBytes(nameBytes));
  const it = changetype<Snapshot>(block);
  it.next = load<u32>(structureWord(SNAPSHOTS));
  it.nameBytes = nameBytes;
  it.commit = commit;
  it.since = since;
  memory.copy(block + SNAPSHOT_HEAD, participant + KEY_SCRATCH, nameBytes);
  write32(structureWord(SNAPSHOTS), <u32>block);
  commitWrite();
  return block;
}

/** Ends a snapshot of this participant. */
export function dropSnapshot(block: usize): void {
  let at = structureWord(SNAPSHOTS);
  while (load<u32>(at) !== <u32>block) {
    at = load<u32>(at);
    if (at === 0) return;
  }
  unlink(at, block);
}

function unlink(at: usize, block: usize): void {
  const it = changetype<Snapshot>(block);
  write32(at, it.next);
  retireAfterwards(block, snapshotBytes(it.nameBytes));
  commitWrite();
}

/** Ends all that the participant reads: before it is detached, or because it has died. Can be repeated. */
export function endAllReads(): void {
  const head = structureWord(SNAPSHOTS);
  for (let block: usize = load<u32>(head); block !== 0; block = load<u32>(head)) {
    reachTo(block, <u32>SNAPSHOT_HEAD + SNAPSHOT_NAME);
    unlink(head, block);
  }
  endRead();
}

/** The first snapshot of any participant, or the one after a snapshot; 0 at the end. Pinned. */
function follow(at: usize): usize {
  const block = <usize>atomic.load<u32>(at);
  if (block !== 0) reachTo(block, <u32>SNAPSHOT_HEAD + SNAPSHOT_NAME + 16);
  return block;
}

function oldestFrom(start: u64): u64 {
  let oldest = start;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor === 0) continue;
    const base = descriptor + PARTICIPANT_STRUCTURE;
    const reading = atomic.load<u64>(base + READING);
    if (reading !== 0) oldest = min(oldest, reading - 1);
    for (let block = follow(base + SNAPSHOTS); block !== 0; block = follow(block)) {
      oldest = min(oldest, changetype<Snapshot>(block).commit);
    }
  }
  return oldest;
}

/**
 * Up to which commit pages that were freed may be taken: what others read as well. For the writer, after it has published
 * the newest state. O(participants + snapshots).
 *
 * @param most what its own states allow
 */
export function releaseUpTo(most: u64): u64 {
  const it = changetype<Book>(<usize>words().book);
  pin(participant);
  const first = oldestFrom(most);
  if (first > it.releasedTo) {
    atomic.store<u64>(changetype<usize>(it) + offsetof<Book>("releasedTo"), first);
  }
  const last = oldestFrom(first); // READING3
  unpin(participant);
  return last;
}

/** Whether all pages of a state are still there, after it was announced or added (READING3). */
export function isWhole(commit: u64): bool {
  return atomic.load<u64>(<usize>words().book + offsetof<Book>("releasedTo")) <= commit;
}

/**
 * Copies snapshots of a participant to the result scratch, from VALUE_AT on: f64 commit, f64 since, u32 length of the
 * name, u32 0, and the name, filled up to a multiple of 8.
 *
 * @param number of the participant
 * @param skip how many to pass by
 * @returns how many there are
 */
export function snapshotsOf(number: u32, skip: u32): u32 {
  const descriptor = participantAt(number - 1);
  if (descriptor === 0) return 0;
  pin(participant);
  let at = participant + RESULT_SCRATCH + VALUE_AT;
  const end = at + VALUE_ROOM;
  let index: u32 = 0;
  let count: u32 = 0;
  let block = follow(descriptor + PARTICIPANT_STRUCTURE + SNAPSHOTS);
  for (; block !== 0; block = follow(block), index++) {
    if (index < skip) continue;
    const it = changetype<Snapshot>(block);
    const name = (it.nameBytes + 7) & ~7;
    if (at + SNAPSHOT_ENTRY + name > end) break;
    store<f64>(at, <f64>it.commit);
    store<f64>(at, it.since, 8);
    store<u32>(at, it.nameBytes, 16);
    store<u32>(at, 0, 20);
    memory.copy(at + SNAPSHOT_ENTRY, block + SNAPSHOT_HEAD, it.nameBytes);
    at += SNAPSHOT_ENTRY + name;
    count++;
  }
  unpin(participant);
  return count;
}
