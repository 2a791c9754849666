import { Views } from "@masstree/session";
import { ENTRIES, ENTRY_BYTES } from "./exports.ts";

const leastBytes = 1024;

/**
 * Private memory with one batch of a scan's entries. Once the entries are here, no other thread can
 * change them, and other operations may use the scratch that they came through.
 */
export class EntryBuffer {
  /** The entries, as the scan wrote them, from byte 0 on. */
  views: Views = new Views(new ArrayBuffer(leastBytes), 0, leastBytes);
  /** Bytes of values that do not fit in a value word, for maps that have such values. */
  payload: Uint8Array = new Uint8Array(0);

  /**
   * Copies the first `count` entries of a scan.
   *
   * @param result the result scratch
   * @internal
   */
  fill(result: Views, count: number): void {
    const { u32, bytes } = result;
    let end = ENTRIES;
    for (let i = 0; i < count; i++) end += u32[(end + ENTRY_BYTES) >> 2]!;
    const length = end - ENTRIES;
    if (this.views.bytes.length < length) {
      // Entries are multiples of 8 bytes, and so is the scratch that they fit in.
      const capacity = Math.min(2 ** Math.ceil(Math.log2(length)), bytes.length);
      this.views = new Views(new ArrayBuffer(capacity), 0, capacity);
    }
    this.views.bytes.set(bytes.subarray(ENTRIES, end));
  }
}
