/*
 * The book: what a writer has to know of the file, in a block of the region. Only the holder of the writer's lock uses
 * it, but for `pendingPages` and `closed`, which anyone may look at.
 *
 *   byte  what
 *   ----  ------------------------------------------------------------------------------------------------------
 *   0     written       40 bytes: a state whose meta page is being written, or was, and may not be on the disk yet
 *   40    writtenSlot   u32  the meta page
 *   44    writtenStart  u32  pendingStart once that state is the newest
 *   48    writtenEnd    u32  the same of pendingEnd
 *   52    isWritten     u32  1 if there is such a state
 *   56    durable       u64  the commit of the last durable state
 *   64    fallback      u64  1 + the commit of the one before, if it is complete; else 0
 *   72    next          u64  the number of the next commit
 *   80    releasedTo    u64  pages that commits up to this one have freed may have been taken since
 *   88    slot          u32  the meta page of the last durable state
 *   92    pendingStart  u32  space.ts
 *   96    pendingEnd    u32
 *   100   pendingPages  u32
 *   104   used          u32
 *   108   end           u32
 *   112   idle          u32
 *   116   cursor        u32
 *   120   levels        u32
 *   124                 u32
 *   128   arrays        ARRAYS pairs of u32: address, words
 *
 * A state has 40 bytes, in the book as in the header's words and in the result scratch:
 *
 *   0  commit u64    8  time f64    16 pages    20 catalog    24 map    28 mapLevels    32 used    36 0
 *
 * Invariant
 *   BOOK1  What is about states (bytes 0 to 79, slot, pendingEnd) changes by journaled writes only, all of a step together.
 *          The rest is found out again after a writer has died; but pendingStart may move on meanwhile.
 */

@unmanaged
class State {
  commit: u64;
  time: f64;
  pages: u32;
  catalog: u32;
  map: u32;
  mapLevels: u32;
  used: u32;
}

/** Bytes of a state. */
export const STATE_BYTES: u32 = 40;
/** Where the parts of a state are, as indices of the views of its bytes: f64 or u64, and u32. */
export const STATE_COMMIT: u32 = 0;
export const STATE_TIME: u32 = <u32>offsetof<State>("time") / 8;
export const STATE_PAGES: u32 = <u32>offsetof<State>("pages") / 4;
export const STATE_CATALOG: u32 = <u32>offsetof<State>("catalog") / 4;
export const STATE_MAP: u32 = <u32>offsetof<State>("map") / 4;
export const STATE_MAP_LEVELS: u32 = <u32>offsetof<State>("mapLevels") / 4;
export const STATE_USED: u32 = <u32>offsetof<State>("used") / 4;

/** How many arrays there are. */
export const ARRAYS: u32 = 6;

@unmanaged
export class Book {
  written0: u64;
  written1: u64;
  written2: u64;
  written3: u64;
  written4: u64;
  writtenSlot: u32;
  writtenStart: u32;
  writtenEnd: u32;
  isWritten: u32;
  durable: u64;
  fallback: u64;
  next: u64;
  releasedTo: u64;
  slot: u32;
  pendingStart: u32;
  pendingEnd: u32;
  pendingPages: u32;
  used: u32;
  end: u32;
  idle: u32;
  cursor: u32;
  levels: u32;
  unused: u32;
}

/** Where the arrays' pairs begin. */
export const BOOK_ARRAYS: u32 = <u32>offsetof<Book>();
export const BOOK_BYTES: u32 = BOOK_ARRAYS + 8 * ARRAYS;

/** Offsets that JavaScript uses, of u32 words divided by 4, of u64 words by 8. */
export const BOOK_WRITTEN_SLOT: u32 = <u32>offsetof<Book>("writtenSlot") / 4;
export const BOOK_WRITTEN_START: u32 = <u32>offsetof<Book>("writtenStart") / 4;
export const BOOK_WRITTEN_END: u32 = <u32>offsetof<Book>("writtenEnd") / 4;
export const BOOK_IS_WRITTEN: u32 = <u32>offsetof<Book>("isWritten") / 4;
export const BOOK_SLOT: u32 = <u32>offsetof<Book>("slot") / 4;
export const BOOK_DURABLE: u32 = <u32>offsetof<Book>("durable") / 8;
export const BOOK_FALLBACK: u32 = <u32>offsetof<Book>("fallback") / 8;
export const BOOK_NEXT: u32 = <u32>offsetof<Book>("next") / 8;
export const BOOK_PENDING_START: u32 = <u32>offsetof<Book>("pendingStart") / 4;
export const BOOK_PENDING_END: u32 = <u32>offsetof<Book>("pendingEnd") / 4;
export const BOOK_PENDING_PAGES: u32 = <u32>offsetof<Book>("pendingPages") / 4;
export const BOOK_USED: u32 = <u32>offsetof<Book>("used") / 4;
export const BOOK_END: u32 = <u32>offsetof<Book>("end") / 4;
export const BOOK_IDLE: u32 = <u32>offsetof<Book>("idle") / 4;
export const BOOK_CURSOR: u32 = <u32>offsetof<Book>("cursor") / 4;
export const BOOK_LEVELS: u32 = <u32>offsetof<Book>("levels") / 4;
export const BOOK_ARRAYS_AT: u32 = BOOK_ARRAYS / 4;
