/*
 * The transaction's pages: a list through their frames, which only the writer uses.
 *
 * Invariant
 *   DIRTY1  A frame is marked dirty before it is in the table, and clean before a state leads to its number. So
 *           whoever follows a writer that died finds its frames without the list.
 */
import { FAULT_MEMORY, note } from "./fault";
import { FRAME_HEAD, frameOf, isDirty, makeFrame, setDirty } from "./frame";
import { forget, forgetDirty, replace } from "./table";
import { DIRTY_COUNT, words } from "./words";

function count(difference: i32): void {
  atomic.store<u32>(DIRTY_COUNT, atomic.load<u32>(DIRTY_COUNT) + difference);
}

/** A dirty frame for a page number that was taken just now; 0 after a fault. */
export function makeDirty(number: u32): usize {
  const page = makeFrame(number);
  if (page === 0) {
    note(FAULT_MEMORY, number, 0);
    return 0;
  }
  setDirty(page, 1);
  replace(page);
  const it = words();
  const first: usize = it.dirty;
  frameOf(page).next = <u32>first;
  if (first !== 0) frameOf(first + FRAME_HEAD).previous = <u32>(page - FRAME_HEAD);
  it.dirty = <u32>(page - FRAME_HEAD);
  count(1);
  return page;
}

/** Forgets a dirty page, whose number the transaction gives back. */
export function dropDirty(page: usize): void {
  if (!isDirty(page)) return;
  const it = words();
  const next = frameOf(page).next;
  const previous = frameOf(page).previous;
  if (previous === 0) it.dirty = next;
  else frameOf(<usize>previous + FRAME_HEAD).next = next;
  if (next !== 0) frameOf(<usize>next + FRAME_HEAD).previous = previous;
  count(-1);
  forget(page);
}

/** All dirty frames are clean from now on: they were written, and a state will lead to them. */
export function settleDirty(): void {
  const it = words();
  for (let at: usize = it.dirty; at !== 0; ) {
    const page = at + FRAME_HEAD;
    const frame = frameOf(page);
    at = frame.next;
    frame.next = 0;
    frame.previous = 0;
    setDirty(page, 0);
  }
  it.dirty = 0;
  atomic.store<u32>(DIRTY_COUNT, 0);
}

/** Forgets all dirty frames. */
export function discardDirty(): void {
  const it = words();
  while (it.dirty !== 0) dropDirty(<usize>it.dirty + FRAME_HEAD);
}

/** Forgets all that a writer has left that has died. */
export function discardOrphans(): void {
  const it = words();
  it.dirty = 0;
  it.freedCount = 0;
  it.returnedCount = 0;
  atomic.store<u32>(DIRTY_COUNT, 0);
  forgetDirty();
}
