import { Views } from "@masstree/session";
import { ENTRIES, ENTRY_BYTES } from "./exports.ts";
import { TextChunks } from "./text-chunks.ts";

const leastBytes = 1024;

/**
 * Private memory with one batch of a scan's entries. Once the entries are here, no other thread can
 * change them, and other operations may use the scratch that they came through.
 */
export class EntryBuffer {
  /** The entries, as the scan wrote them, from byte 0 on; behind them what was copied with them. */
  views: Views = new Views(new ArrayBuffer(leastBytes), 0, leastBytes);
  /** The keys as text, one after the other, if they are and the scan wants that. @internal */
  readonly keys: TextChunks = new TextChunks();
  /** Where the text of the keys begins in `views`. @internal */
  keysStart = 0;
  /** How many bytes of `views` are in use. @internal */
  used = 0;
  /** The bytes of the values: mostly `views.bytes`. */
  payload: Uint8Array = new Uint8Array(0);
  /** The payloads as text, if they are. @internal */
  readonly texts: TextChunks = new TextChunks();

  /**
   * Copies the first `count` entries of a scan.
   *
   * @param result the result scratch
   * @param keyBytes of the keys as text, which follow the entries; 0 if they are not there
   * @param end where what else follows ends in the result scratch, if anything does
   * @internal
   */
  fill(result: Views, count: number, keyBytes: number = 0, end: number = 0): void {
    const { u32, bytes } = result;
    let entriesEnd = ENTRIES;
    for (let i = 0; i < count; i++) entriesEnd += u32[(entriesEnd + ENTRY_BYTES) >> 2]!;
    const keysStart = entriesEnd - ENTRIES;
    const length = Math.max(keysStart + keyBytes, end - ENTRIES);
    if (this.views.bytes.length < length) {
      // Room is a multiple of 8 bytes, and so is the scratch that it fits in.
      const capacity = Math.min(2 ** Math.ceil(Math.log2(length)), bytes.length);
      this.views = new Views(new ArrayBuffer(capacity), 0, capacity);
    }
    this.views.bytes.set(bytes.subarray(ENTRIES, ENTRIES + length));
    this.used = length;
    this.keysStart = keysStart;
    this.keys.reset(keyBytes === 0 ? undefined : this.views.bytes, keysStart + keyBytes);
  }
}
