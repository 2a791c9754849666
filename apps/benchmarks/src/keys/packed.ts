// The input of a run: distinct keys as bytes in shared memory. All threads read the same copy.
//
//   bytes   | key 0 | key 1 | key 2 | ...          UTF-8, back to back
//   starts  | u32 0 | u32 1 | ... | u32 count |    where each key begins; the last is the end
//
// The main thread writes it before any worker starts. After that, nobody does.

/** Distinct keys in two shared buffers. A plain value that can be sent to a worker. */
export interface PackedKeys {
  readonly bytes: SharedArrayBuffer;
  readonly starts: SharedArrayBuffer;
  readonly count: number;
  /** Whether every byte is below 0x80. Such keys decode faster. */
  readonly ascii: boolean;
}

/** Up to this many keys, a table keeps their strings, so that timed steps do not include decoding. */
const KEPT_STRINGS = 1 << 20;

/** A thread's view of packed keys. A key's number is its index in the input, from 0. */
export class KeyTable {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly #encoding: "latin1" | "utf8";
  readonly #strings: (string | undefined)[] | undefined;

  constructor(packed: PackedKeys) {
    this.count = packed.count;
    // Decoding directly from shared memory is sound here, because nobody writes to it any more.
    this.#bytes = Buffer.from(packed.bytes);
    this.#starts = new Uint32Array(packed.starts, 0, packed.count + 1);
    this.#encoding = packed.ascii ? "latin1" : "utf8";
    this.#strings = packed.count <= KEPT_STRINGS ? new Array(packed.count) : undefined;
  }

  /** Whether this thread's heap keeps each key's string after its first use. */
  get keepsStrings(): boolean {
    return this.#strings !== undefined;
  }

  /** Decodes every key before a timed step, if the table keeps strings. */
  warm(): void {
    if (this.#strings !== undefined) for (let i = 0; i < this.count; i++) this.text(i);
  }

  text(i: number): string {
    const kept = this.#strings?.[i];
    if (kept !== undefined) return kept;
    const text = this.#bytes.toString(this.#encoding, this.#starts[i], this.#starts[i + 1]);
    if (this.#strings !== undefined) this.#strings[i] = text;
    return text;
  }

  byteLength(i: number): number {
    return this.#starts[i + 1]! - this.#starts[i]!;
  }

  /** A copy of a key's bytes. */
  bytes(i: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#starts[i], this.#starts[i + 1]));
  }

  get totalBytes(): number {
    return this.#starts[this.count]!;
  }

  /** Negative, zero or positive if key `a` is before, equal to or after key `b` in byte order. */
  compare(a: number, b: number): number {
    const bytes = this.#bytes;
    let left = this.#starts[a]!;
    let right = this.#starts[b]!;
    const leftEnd = this.#starts[a + 1]!;
    const rightEnd = this.#starts[b + 1]!;
    const shared = Math.min(leftEnd - left, rightEnd - right);
    for (const end = left + shared; left < end; left++, right++) {
      const difference = bytes[left]! - bytes[right]!;
      if (difference !== 0) return difference;
    }
    return leftEnd - left - (rightEnd - right);
  }

  /**
   * Negative if key `i` is before every key that starts with `prefix`, 0 if it starts with `prefix`,
   * positive if it is after.
   */
  comparePrefix(i: number, prefix: Uint8Array): number {
    const bytes = this.#bytes;
    const start = this.#starts[i]!;
    const length = this.#starts[i + 1]! - start;
    const shared = Math.min(length, prefix.length);
    for (let offset = 0; offset < shared; offset++) {
      const difference = bytes[start + offset]! - prefix[offset]!;
      if (difference !== 0) return difference;
    }
    return length < prefix.length ? -1 : 0;
  }
}
