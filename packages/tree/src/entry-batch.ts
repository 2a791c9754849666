/*
 * A batch of keys for one call into the tree, in private memory until then: the caller's code may run
 * between one key and the next, and may use the map.
 *
 *     entry, as in the tree's scratch areas (assembly/scratch.ts)
 *     0    u32  length of the key in bytes
 *     4    u32  bytes of the entry, a multiple of 8
 *     8    u64  the value word, or what stands for it
 *     16        the key, perhaps more, 0 to 7 bytes of padding
 */
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import { RESULT_SCRATCH_BYTES, Views } from "@masstree/session";
import { ENTRIES, ENTRY_BYTES, ENTRY_KEY } from "./exports.ts";
import { badLength } from "./foreign-keys.ts";

/** How many bytes of entries the scratch has room for. */
const CAPACITY = RESULT_SCRATCH_BYTES - ENTRIES;
/** The last place where an entry may begin: codecs want room for the longest key and 16 bytes. */
const LAST_START = CAPACITY - ENTRY_KEY - MAX_KEY_BYTES - 16;
/** Where an entry has its key. Of this file: in tests, reading another one's gives nothing when the stack is full. */
const KEY = ENTRY_KEY;
/** Enough that the call costs little for each; a batch is one pin. */
const MOST_ENTRIES = 256;

/** Entries that are complete, as bytes. */
export interface PackedEntries {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** @internal */
export class EntryBatch {
  readonly views: Views = new Views(new ArrayBuffer(CAPACITY), 0, CAPACITY);
  /** How many entries are complete. */
  count = 0;
  /** Where the next entry begins, in bytes. */
  next = 0;

  /** Whether to send it off before the next key. */
  get isFull(): boolean {
    return this.count === MOST_ENTRIES || this.next > LAST_START;
  }

  /**
   * Begins an entry, in a batch that is not full.
   *
   * @returns where its key ends
   * @throws what the codec throws; the batch is as before
   */
  writeKey<K>(codec: KeyCodec<K>, key: K): number {
    const start = this.next + KEY;
    const length = codec.encode(key, this.views.bytes, start);
    if (length >>> 0 > MAX_KEY_BYTES) throw badLength(length);
    this.views.u32[this.next / 4] = length;
    return start + length;
  }

  /** Completes the entry that was begun. `end`, with what follows the key, is at most `views.bytes.length`. */
  add(end: number): void {
    const next = (end + 7) & ~7;
    this.views.u32[(this.next + ENTRY_BYTES) / 4] = next - this.next;
    this.next = next;
    this.count++;
  }

  /** The bytes of the key that was begun, in place of completing the entry. */
  dropKey(end: number): Uint8Array {
    return this.views.bytes.slice(this.next + KEY, end);
  }

  /** Copies the entries, and empties the batch. */
  pack(): PackedEntries {
    const packed = { bytes: this.views.bytes.slice(0, this.next), count: this.count };
    this.clear();
    return packed;
  }

  clear(): void {
    this.count = 0;
    this.next = 0;
  }
}

/** Where the entry `count` entries after the one at byte `start` begins. */
export function skipEntries(u32: Uint32Array, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count; i++) at += u32[(at + ENTRY_BYTES) / 4]!;
  return at;
}
