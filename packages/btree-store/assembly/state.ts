/*
 * The states of the file, as all threads see them: docs/design.md, 'Several threads'. JavaScript passes and gets a state
 * at the beginning of the result scratch (book.ts has its layout).
 *
 * Invariants
 *   STATE1  The newest state, and what the book says of the states on the disk, change in one journaled write. A reader
 *           takes a state between two equal versions of its node. So it sees one state, whoever dies.
 *   STATE2  A state is published once its pages are in the file; with durability "sync", once its meta page is on the
 *           disk. Before its meta page is written, the book has it as `written`: so whoever follows a writer that has
 *           died there can finish its commit, and nobody writes over pages that a meta page may lead to.
 */

import { RESULT_SCRATCH } from "@masstree/memory/assembly";
import { hasChanged } from "@masstree/nodeversion/assembly";
import {
  commitWrite,
  INSERTS,
  lockNode,
  markNode,
  participant,
  stableVersion,
  write32,
  write64,
} from "@masstree/session/assembly";
import { Book, STATE_BYTES } from "./book";
import { StoreClient } from "./client";
import { STATE, STATE_LOCK, words } from "./words";

/** What `publish` does: the state in the result scratch becomes the newest one. */
export const PUBLISH_STATE: u32 = 1;
/** The state that was written is the last durable one. */
export const PUBLISH_DURABLE: u32 = 2;

function book(): Book {
  return changetype<Book>(<usize>words().book);
}

/** The number of the newest commit: one atomic load. */
export function newestCommit(): u64 {
  return atomic.load<u64>(STATE);
}

/** Copies the newest state to the result scratch. */
export function readState(): void {
  const to = participant + RESULT_SCRATCH;
  while (true) {
    const version = stableVersion<StoreClient>(STATE_LOCK);
    for (let at: usize = 0; at < STATE_BYTES; at += 8) {
      store<u64>(to + at, atomic.load<u64>(STATE + at));
    }
    if (!hasChanged(STATE_LOCK, version)) return;
  }
}

/**
 * Notes that the meta page of the state in the result scratch is about to be written, or was (STATE2). For the writer.
 *
 * @param slot the meta page
 * @param start where the list of pending pages begins, once that is the newest state
 * @param end where it ends
 */
export function writeDown(slot: u32, start: u32, end: u32): void {
  const it = book();
  const from = participant + RESULT_SCRATCH;
  for (let at: usize = 0; at < STATE_BYTES; at += 8) {
    write64(changetype<usize>(it) + at, load<u64>(from + at));
  }
  write32(changetype<usize>(it) + offsetof<Book>("writtenSlot"), slot);
  write32(changetype<usize>(it) + offsetof<Book>("writtenStart"), start);
  write32(changetype<usize>(it) + offsetof<Book>("writtenEnd"), end);
  write32(changetype<usize>(it) + offsetof<Book>("isWritten"), 1);
  commitWrite();
}

/**
 * Changes what the states are, in one step (STATE1). For the writer.
 *
 * @param what PUBLISH_STATE, PUBLISH_DURABLE or both
 * @param start with PUBLISH_STATE: where the list of pending pages begins
 * @param end where it ends
 */
export function publish(what: u32, start: u32, end: u32): void {
  const it = book();
  const from = participant + RESULT_SCRATCH;
  lockNode<StoreClient>(STATE_LOCK);
  markNode(STATE_LOCK, INSERTS);
  if ((what & PUBLISH_DURABLE) !== 0) {
    write64(changetype<usize>(it) + offsetof<Book>("fallback"), it.durable + 1);
    write64(changetype<usize>(it) + offsetof<Book>("durable"), it.written0);
    write32(changetype<usize>(it) + offsetof<Book>("slot"), it.writtenSlot);
    write32(changetype<usize>(it) + offsetof<Book>("isWritten"), 0);
  }
  if ((what & PUBLISH_STATE) !== 0) {
    const commit = load<u64>(from);
    write32(changetype<usize>(it) + offsetof<Book>("pendingStart"), start);
    write32(changetype<usize>(it) + offsetof<Book>("pendingEnd"), end);
    write64(changetype<usize>(it) + offsetof<Book>("next"), commit + 1);
    for (let at: usize = 0; at < STATE_BYTES; at += 8) write64(STATE + at, load<u64>(from + at));
  }
  commitWrite();
}
