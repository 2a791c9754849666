// Collects keys and drops duplicates.
//
// A `Set` of strings would be limited to 2^24 entries and hold every key on the heap. This is an
// open-addressing table of key numbers over the packed bytes instead; see packed.ts.
import { isAscii } from "node:buffer";
import { UsageError } from "../failure.ts";
import { bytes as asBytes } from "../format.ts";
import type { PackedKeys } from "./packed.ts";

/** The limit for all keys together: offsets are 32-bit, and every worker reads the same copy. */
const MAX_TOTAL_BYTES = 2 ** 31 - 1;

const encoder = new TextEncoder();

function hashOf(source: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193);
  // FNV-1a mixes only upwards, but the table uses the low bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

export class KeyBuilder {
  #bytes = new Uint8Array(new SharedArrayBuffer(1 << 20));
  #starts = new Uint32Array(1 << 14);
  /** Key number + 1, by hash; 0 in free slots. At most half full. */
  #table = new Uint32Array(1 << 15);
  #count = 0;
  #ascii = true;
  #duplicates = 0;

  /** Number of distinct keys so far. */
  get count(): number {
    return this.#count;
  }

  /** Number of keys that were already there when they were added. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Adds a key, given as text. Lone surrogates become U+FFFD. */
  addText(text: string): void {
    const encoded = encoder.encode(text);
    this.add(encoded, 0, encoded.length);
  }

  /** Adds the key `source[start..end)`, which must be valid UTF-8. */
  add(source: Uint8Array, start: number, end: number): void {
    const hash = hashOf(source, start, end);
    const slot = this.#find(source, start, end, hash);
    if (this.#table[slot] !== 0) {
      this.#duplicates++;
      return;
    }
    this.#table[slot] = this.#append(source, start, end) + 1;
    this.#ascii &&= isAscii(source.subarray(start, end));
    if (this.#count * 2 > this.#table.length) this.#enlargeTable();
  }

  /** Returns the keys. The builder cannot be used afterwards. */
  finish(): PackedKeys {
    const total = this.#starts[this.#count]!;
    // Exactly as long as the keys, with no slack, so that a wrong end shows up as a short key.
    const bytes = new SharedArrayBuffer(total);
    new Uint8Array(bytes).set(this.#bytes.subarray(0, total));
    const starts = new SharedArrayBuffer((this.#count + 1) * 4);
    new Uint32Array(starts).set(this.#starts.subarray(0, this.#count + 1));
    return { bytes, starts, count: this.#count, ascii: this.#ascii };
  }

  #find(source: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#equals(this.#table[slot]! - 1, source, start, end)) break;
    }
    return slot;
  }

  #equals(key: number, source: Uint8Array, start: number, end: number): boolean {
    const offset = this.#starts[key]!;
    if (this.#starts[key + 1]! - offset !== end - start) return false;
    const bytes = this.#bytes;
    for (let i = start, j = offset; i < end; i++, j++) if (bytes[j] !== source[i]) return false;
    return true;
  }

  #append(source: Uint8Array, start: number, end: number): number {
    const key = this.#count;
    const offset = this.#starts[key]!;
    const next = offset + end - start;
    if (next > MAX_TOTAL_BYTES) {
      throw new UsageError(
        `the input has more than ${asBytes(MAX_TOTAL_BYTES + 1)} of distinct keys (${key} keys fit): ` +
          "use a part of it",
      );
    }
    if (next > this.#bytes.length) {
      const size = Math.min(MAX_TOTAL_BYTES, Math.max(this.#bytes.length * 2, next));
      const larger = new Uint8Array(new SharedArrayBuffer(size));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(source.subarray(start, end), offset);
    if (key + 2 > this.#starts.length) {
      const larger = new Uint32Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[key + 1] = next;
    this.#count++;
    return key;
  }

  #enlargeTable(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let key = 0; key < this.#count; key++) {
      let slot = hashOf(this.#bytes, this.#starts[key]!, this.#starts[key + 1]!) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = key + 1;
    }
  }
}
