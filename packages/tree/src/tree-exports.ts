/**
 * What a compiled tree exports, as JavaScript sees it: pointers are 32-bit byte offsets into the
 * map's memory and arrive signed (`>>> 0` makes them addresses again).
 *
 * Keys do not travel as arguments: JavaScript writes a key at `keyScratch()` and passes its length,
 * which is trusted: 0 to `MAX_KEY_BYTES`. Value words likewise go in at `resultScratch()` and come out
 * 8 bytes further.
 */
export interface TreeExports {
  /** Lays out a region in a zeroed memory, with an empty tree. Answers with a {@link Status}. */
  create(maximumPages: number, keyKind: number, valueKind: number): number;
  /** Makes this thread a participant. Answers with a {@link Status}. */
  attach(mayWait: number): number;
  /** As `attach`, and says which thread this is (thread-ends.ts). */
  attachAs(mayWait: number, thread: number, osThread: number): number;
  /** Gives the participant back. No other function but `attach` may be called after it. */
  detach(): void;
  /** Gives the participant up in the middle of whatever it is in (guard.ts). No other function may be called after it. */
  abandon(): void;
  keyScratch(): number;
  boundScratch(): number;
  resultScratch(): number;
  participantNumber(): number;

  /** 1 when found, the value word behind the input word. */
  get(length: number): number;
  /** 1 when found. */
  has(length: number): number;
  /** Answers with a {@link SetResult}. */
  set(length: number): number;
  /** 1 when there was something to remove. */
  remove(length: number): number;
  size(): number;
  /** Counts of the tree's parts. */
  leaves(): number;
  internodes(): number;
  layers(): number;
  height(): number;
  splitCount(): number;
  restartCount(): number;
  /** Bytes of the region. */
  liveBytes(): number;
  retiredBytes(): number;
  committedBytes(): number;
  overheadBytes(): number;
  /** How many numbers participants have had. */
  participants(): number;
  /** 0 nobody, 1 in use, 2 dead. */
  stateOf(number: number): number;
  /** 0 when not pinned, else 1 + by how many epochs it is behind. */
  pinnedOf(number: number): number;
  /** How many attempts to reclaim memory have failed because of its pin. */
  delaysOf(number: number): number;
  /** When the first of those failed, in milliseconds since 1970; 0 when none has. */
  delayedSinceOf(number: number): number;
  clear(): void;

  /** Keeps blocks that are reachable now from being reclaimed. Nests. */
  pin(): void;
  unpin(): void;
  /** Reclaims what can be reclaimed now. */
  quiesce(): number;

  /** Writes entries behind the value words; answers how many. See {@link ScanFlag}. */
  scan(startLength: number, endLength: number, flags: number, limit: number): number;
  /** 1 when the last scan reached the end of its range. */
  scanDone(): number;

  /** Which thread a participant said it is. */
  threadOf(number: number): number;
  osThreadOf(number: number): number;
  /**
   * Takes over from a participant whose thread has ended for good; 0 when there is none. It may have to
   * be begun again, as the next two: see {@link takeOver}.
   */
  release(number: number): number;
  /** The same for all participants of a thread; how many there were. */
  releaseThread(thread: number): number;
  /** The same for all participants whose threads are known to have ended. */
  releaseGone(): number;
  /** From how many of those nobody has taken over yet. */
  unrecovered(): number;

  /** 0, or the code of a broken invariant whose place is behind the input word. */
  verify(): number;
}

/** What `create` and `attach` answer. */
export const Status: Readonly<Record<"ok" | "full" | "tooMany" | "bad", number>> = {
  ok: 0,
  full: 1,
  tooMany: 2,
  bad: 3,
};

/** What `set` answers. When full, nothing has changed. */
export const SetResult: Readonly<Record<"inserted" | "replaced" | "full", number>> = {
  inserted: 0,
  replaced: 1,
  full: 2,
};

/** Flags of `scan`. In reverse, the scan starts at the upper bound. */
export const ScanFlag: Readonly<
  Record<"reverse" | "hasStart" | "startInclusive" | "hasEnd" | "endInclusive" | "keysOnly", number>
> = {
  reverse: 1,
  hasStart: 2,
  startInclusive: 4,
  hasEnd: 8,
  endInclusive: 16,
  keysOnly: 32,
};

/*
 * The result scratch, relative to resultScratch():
 *
 *    0  u64    value word in      JavaScript writes, the tree reads
 *    8  u64    value word out     the tree writes, JavaScript reads
 *    8  u64[3] place, node and details, of a broken invariant     the tree writes
 *   64  entry, entry, ...         written by scan
 *
 * An entry, 8-aligned:
 *
 *    0  u32    key length in bytes
 *    4  u32    bytes from this entry to the next, a multiple of 8
 *    8  u64    value word
 *   16  bytes  key
 */

/** Index of the input word in 64-bit words. */
export const WORD_IN = 0;
/** Index of the output word in 64-bit words. */
export const WORD_OUT = 1;
/** Byte offset of the first entry. */
export const ENTRIES = 64;
/** Byte offset of an entry's value word in the entry. */
export const ENTRY_VALUE = 8;
/** Byte offset of an entry's key in the entry. @internal */
export const ENTRY_KEY = 16;

/** Bytes of the key and bound scratches that JavaScript may write: codecs overshoot a little. @internal */
export const KEY_SCRATCH_BYTES: number = 65536 + 16;
/** Bytes of the result scratch. @internal */
export const RESULT_SCRATCH_BYTES: number = 2 * 65536 + 4096;
