import { ENTRY_VALUE, type EntryBuffer, type ScanValues, type TreeInstance } from "@masstree/tree";
import type { BoxExports } from "./box-exports.ts";
import { copyBytes, payloadLength } from "./boxes.ts";
import type { Values } from "./values.ts";

/** About how many bytes of values one batch of a scan copies; one value may be longer. */
const batchBytes = 128 * 1024;

/** The top byte of a value word that holds its payload itself, of which the lower bits are the length. */
const SHORT = 0x80;

/**
 * Values of a scan: payloads are copied while the thread is pinned, and the entries' value words
 * become places in the copies: u32 offset, u32 length.
 */
export class BoxScanValues<V> implements ScanValues<V> {
  readonly pinned = true;
  readonly #tree: TreeInstance<BoxExports>;
  readonly #values: Values<V>;

  constructor(tree: TreeInstance<BoxExports>, values: Values<V>) {
    this.#tree = tree;
    this.#values = values;
  }

  keep(buffer: EntryBuffer, count: number): number {
    const { bytes, u32 } = buffer.views;
    const tree = this.#tree;
    // Lengths first: the batch ends where they add up to enough.
    let kept = 0;
    let total = 0;
    for (let entry = 0; kept < count; kept++, entry += u32[(entry >> 2) + 1]!) {
      const length = lengthOf(tree, u32, (entry + ENTRY_VALUE) >> 2);
      if (kept > 0 && total + length > batchBytes) break;
      total += length;
    }
    // A buffer that grew for one long value is not kept for short ones.
    const capacity = buffer.payload.length;
    if (capacity < total || capacity > 2 * Math.max(total, batchBytes)) {
      buffer.payload = new Uint8Array(total <= batchBytes ? Math.max(1024, 2 * total) : total);
    }
    let at = 0;
    for (let i = 0, entry = 0; i < kept; i++, entry += u32[(entry >> 2) + 1]!) {
      const word = (entry + ENTRY_VALUE) >> 2;
      const box = u32[word]!;
      const length = lengthOf(tree, u32, word);
      if (isShort(u32, word)) {
        copyBytes(bytes, entry + ENTRY_VALUE, entry + ENTRY_VALUE + length, buffer.payload, at);
      } else {
        copyBytes(tree.reach(box + length).bytes, box, box + length, buffer.payload, at);
      }
      u32[word] = at;
      u32[word + 1] = length;
      at += length;
    }
    return kept;
  }

  read(buffer: EntryBuffer, entry: number): V {
    const { u32 } = buffer.views;
    const word = (entry + ENTRY_VALUE) >> 2;
    const start = u32[word]!;
    return this.#values.read(buffer.payload, start, start + u32[word + 1]!);
  }
}

function isShort(u32: Uint32Array, word: number): boolean {
  return u32[word + 1]! >>> 24 >= SHORT;
}

/** The length of the payload that a value word holds or points to. Pinned. */
function lengthOf(tree: TreeInstance<BoxExports>, u32: Uint32Array, word: number): number {
  return isShort(u32, word) ? (u32[word + 1]! >>> 24) & 7 : payloadLength(tree, u32[word]!);
}
