import { decodeText } from "@masstree/key";

/**
 * How many characters are decoded at a time. A string that was cut from them may keep all of them in memory: engines
 * let it refer to what it was cut from. It is little enough for that, and enough that decoding costs little for each.
 */
export const CHUNK = 2048;

/** ASCII text in private memory, from which strings are cut in order: a chunk of it is decoded at a time. @internal */
export class TextChunks {
  #bytes: Uint8Array | undefined;
  #end = 0;
  #chunk = "";
  /** Where the chunk begins. */
  #start = 0;

  /** Whether there is any text. */
  get isThere(): boolean {
    return this.#bytes !== undefined;
  }

  /** Begins with other text: that of `bytes`, up to `end`. */
  reset(bytes: Uint8Array | undefined, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#chunk = "";
  }

  /** The string of `length` characters from index `at`. */
  cut(at: number, length: number): string {
    let from = at - this.#start;
    if (from < 0 || from + length > this.#chunk.length) {
      const end = Math.min(at + Math.max(length, CHUNK), this.#end);
      this.#chunk = decodeText(this.#bytes!, at, end);
      this.#start = at;
      from = 0;
    }
    return this.#chunk.substring(from, from + length);
  }
}
