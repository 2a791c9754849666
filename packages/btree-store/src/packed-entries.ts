/*
 * Keys and values that are checked, and not written yet: what `setMany` and `deleteMany` have of their lists. They lie in
 * large arrays, because objects for each would take several times as much memory.
 *
 *   u32 length of the key, u32 length of the value, key, value, and up to 3 bytes to the next entry
 */
import { copyBytes } from "@masstree/key";

const CHUNK_BYTES = 262_144;
/** Bytes in front of the key. */
const HEAD = 8;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  used: number;
}

export class PackedEntries {
  readonly #chunks: Chunk[] = [];

  /** Appends the first bytes of a key and of a value. */
  add(key: Uint8Array, keyLength: number, value: Uint8Array, valueLength: number): void {
    const length = HEAD + keyLength + valueLength;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.bytes.length - chunk.used < length) {
      // One that begins small, for most lists are short.
      const wanted = chunk === undefined ? 1024 : Math.min(CHUNK_BYTES, 4 * chunk.bytes.length);
      const bytes = new Uint8Array(4 * Math.ceil(Math.max(wanted, length) / 4));
      chunk = { bytes, words: new Uint32Array(bytes.buffer), used: 0 };
      this.#chunks.push(chunk);
    }
    const at = chunk.used;
    chunk.words[at / 4] = keyLength;
    chunk.words[at / 4 + 1] = valueLength;
    copyBytes(key, 0, keyLength, chunk.bytes, at + HEAD);
    copyBytes(value, 0, valueLength, chunk.bytes, at + HEAD + keyLength);
    chunk.used = at + 4 * Math.ceil(length / 4);
  }

  /** The entries in the order in which they were added, as views. */
  *[Symbol.iterator](): Generator<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    for (const { bytes, words, used } of this.#chunks) {
      for (let at = 0; at < used; ) {
        const keyEnd = at + HEAD + words[at / 4]!;
        const end = keyEnd + words[at / 4 + 1]!;
        yield { key: bytes.subarray(at + HEAD, keyEnd), value: bytes.subarray(keyEnd, end) };
        at = 4 * Math.ceil(end / 4);
      }
    }
  }
}
