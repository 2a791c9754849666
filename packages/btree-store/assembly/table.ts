/*
 * The table of frames: from page numbers to pages in memory. docs/design.md, 'Memory'.
 *
 * Invariants
 *   FRAME1  A frame is in the table while anyone may find it. It leaves the table before it is retired, and is freed
 *           when no thread is pinned that may have found it.
 *   FRAME2  The page of a clean frame never changes. A dirty frame is the transaction's alone: no state leads to
 *           its number yet.
 *   FRAME3  A page number that is taken anew may have a frame with former contents, which nobody needs: the new
 *           frame replaces it.
 *   FRAME4  Only clean frames are evicted. Whoever is pinned may go on reading one that was.
 *   FRAME5  The table and the links of its side change under its lock, by journaled writes: each is whole or absent,
 *           whoever dies. A search without the lock finds each frame that is there from its beginning to its end: what
 *           leaves a bucket still leads to what followed, and if the table has grown, it begins again. What came
 *           meanwhile it may miss: so whoever has read a page looks again under the lock before adding it.
 */
import { free, reachTo } from "@masstree/memory/assembly";
import {
  abortWrite,
  commitWrite,
  lockNode,
  participant,
  retireAfterwards,
  write32,
  write64,
} from "@masstree/session/assembly";
import { StoreClient } from "./client";
import {
  addressOf,
  bitsOf,
  bucketAt,
  FRAME_HEAD,
  frameBytes,
  isDirty,
  isUsed,
  linkAt,
  makeTable,
  numberIn,
  prefetch,
  setUsed,
  sideOf,
  tableBytes,
} from "./frame";
import { DIRTY_COUNT, FRAMES, HAND, TABLE, TABLE_LOCK, words } from "./words";

/** The most buckets, as a power of two: 2^26 frames of 4 KiB would be 256 GiB. */
const MOST_BITS: u32 = 26;

/** The table, which this instance reaches. */
function table(): u64 {
  const it = atomic.load<u64>(TABLE);
  reachTo(addressOf(it), tableBytes(bitsOf(it)));
  return it;
}

/** The frame's page that a bucket or a link leads to; 0 at the end. */
function follow(at: usize): usize {
  const frame = <usize>atomic.load<u32>(at);
  if (frame === 0) return 0;
  reachTo(frame, frameBytes());
  return frame + FRAME_HEAD;
}

/** The page with a number if it is in memory; 0 if not (FRAME5). Pinned. */
export function find(number: u32): usize {
  while (true) {
    const it = table();
    const side = sideOf(it);
    let page = follow(bucketAt(it, number));
    while (page !== 0) {
      prefetch(page);
      if (numberIn(page) === number) {
        if (!isUsed(page)) setUsed(page, 1);
        return page;
      }
      page = follow(linkAt(page, side));
    }
    if (atomic.load<u64>(TABLE) === it) return 0;
  }
}

/** The bucket or link that leads to the page with a number; 0 if there is none. Under the lock. */
function pathTo(it: u64, number: u32): usize {
  const side = sideOf(it);
  let at = bucketAt(it, number);
  while (true) {
    const page = follow(at);
    if (page === 0) return 0;
    if (numberIn(page) === number) return at;
    at = linkAt(page, side);
  }
}

/**
 * Puts a private clean frame into the table, unless there is one with its number: then it is freed. Pinned.
 *
 * @returns the page that is there now
 */
export function insert(page: usize): usize {
  lockNode<StoreClient>(TABLE_LOCK);
  const it = table();
  const path = pathTo(it, numberIn(page));
  if (path !== 0) {
    const other = follow(path);
    abortWrite();
    free(participant, page - FRAME_HEAD, frameBytes());
    return other;
  }
  logInsert(it, page);
  commitWrite();
  return page;
}

/** Puts a private frame into the table, in place of another with its number (FRAME3). */
export function replace(page: usize): void {
  lockNode<StoreClient>(TABLE_LOCK);
  const it = table();
  const path = pathTo(it, numberIn(page));
  if (path === 0) {
    logInsert(it, page);
  } else {
    const former = follow(path);
    const side = sideOf(it);
    atomic.store<u32>(linkAt(page, side), atomic.load<u32>(linkAt(former, side)));
    write32(path, <u32>(page - FRAME_HEAD));
    retireAfterwards(former - FRAME_HEAD, frameBytes());
  }
  commitWrite();
}

/** Logs that a frame is added. A table that is full grows, if there is memory; if not, its buckets become longer. */
function logInsert(it: u64, page: usize): void {
  const frames = atomic.load<u32>(FRAMES) + 1;
  const bits = bitsOf(it);
  const larger = frames > (<u32>1) << bits && bits < MOST_BITS ? grown(it, page) : 0;
  if (larger !== 0) {
    write64(TABLE, larger);
    retireAfterwards(addressOf(it), tableBytes(bits));
  } else {
    const bucket = bucketAt(it, numberIn(page));
    atomic.store<u32>(linkAt(page, sideOf(it)), atomic.load<u32>(bucket));
    write32(bucket, <u32>(page - FRAME_HEAD));
  }
  write32(FRAMES, frames);
}

/** A private table of twice the size and the other side, with all frames and one more; 0 when the region is full. */
function grown(it: u64, more: usize): u64 {
  const side = sideOf(it);
  const larger = makeTable(bitsOf(it) + 1, 1 - side);
  if (larger === 0) return 0;
  const end = addressOf(it) + ((<usize>4) << bitsOf(it));
  for (let bucket = addressOf(it); bucket < end; bucket += 4) {
    for (let page = follow(bucket); page !== 0; page = follow(linkAt(page, side)))
      link(larger, page);
  }
  link(larger, more);
  return larger;
}

/** Puts a frame into a table that is private. */
function link(into: u64, page: usize): void {
  const bucket = bucketAt(into, numberIn(page));
  atomic.store<u32>(linkAt(page, sideOf(into)), load<u32>(bucket));
  store<u32>(bucket, <u32>(page - FRAME_HEAD));
}

/** Takes a page out of the table and retires its frame (FRAME1), if it is still there. */
export function forget(page: usize): void {
  lockNode<StoreClient>(TABLE_LOCK);
  const it = table();
  const path = pathTo(it, numberIn(page));
  if (path !== 0 && follow(path) === page) {
    write32(path, atomic.load<u32>(linkAt(page, sideOf(it))));
    write32(FRAMES, atomic.load<u32>(FRAMES) - 1);
    retireAfterwards(page - FRAME_HEAD, frameBytes());
    commitWrite();
  } else {
    abortWrite();
  }
}

/** Whether there are more clean frames than may stay. Dirty ones do not count: their number is the transaction's. */
export function isOverLimit(): bool {
  // In this order: a dirty frame is counted after it was added.
  const dirty = atomic.load<u32>(DIRTY_COUNT);
  return <i32>(atomic.load<u32>(FRAMES) - dirty) > <i32>words().limit;
}

/**
 * Evicts clean frames until the limit holds: the clock algorithm (Corbato, 1968). Pinned. O(1) on average for each frame
 * that was added, however many are dirty, as long as some part of the frames is clean.
 */
export function trim(): void {
  let left = (<u32>2) << bitsOf(table()); // Twice around: once to see who is used, once to evict.
  while (isOverLimit() && left > 0) {
    left--;
    sweep(atomic.add<u32>(HAND, 1));
  }
}

function sweep(turn: u32): void {
  const it = table();
  const side = sideOf(it);
  const bucket = addressOf(it) + ((<usize>(turn & (((<u32>1) << bitsOf(it)) - 1))) << 2);
  for (let page = follow(bucket); page !== 0; page = follow(linkAt(page, side))) {
    if (isUsed(page)) setUsed(page, 0);
    else if (!isDirty(page)) forget(page); // Pinned: its link still leads on.
  }
}

/** Takes all dirty frames out of the table, whatever the list of them says. For the writer that follows a dead one. */
export function forgetDirty(): void {
  while (true) {
    const it = table();
    const side = sideOf(it);
    const end = addressOf(it) + ((<usize>4) << bitsOf(it));
    for (let bucket = addressOf(it); bucket < end; bucket += 4) {
      for (let page = follow(bucket); page !== 0; page = follow(linkAt(page, side))) {
        if (isDirty(page)) forget(page);
      }
    }
    // A table that has grown meanwhile may have led past some.
    if (atomic.load<u64>(TABLE) === it) return;
  }
}
