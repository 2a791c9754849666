import type { WasmMemory } from "@masstree/wasm";
/**
 * Typed arrays over a shared memory that may grow, in this thread or another.
 *
 * A view keeps the length that the memory had when it was made. Everything that it covers stays valid
 * for good, for a shared memory never moves or shrinks; so views are only made anew when something
 * lies beyond them. Call `reach(end)` before the first use of an address that the memory may have
 * grown to include, and take the views from this object after it, not from an earlier variable.
 *
 * Addresses are bytes; an index of `words` is an address divided by 4, of `doubles` and `longs` by 8.
 * Everything in a region is little-endian, as these views are on every platform that has WebAssembly
 * threads.
 */
export class RegionView {
  /** The memory. */
  readonly memory: WasmMemory;
  #bytes!: Uint8Array<SharedArrayBuffer>;
  #words!: Uint32Array<SharedArrayBuffer>;
  #doubles!: Float64Array<SharedArrayBuffer>;
  #longs!: BigUint64Array<SharedArrayBuffer>;

  /** @param memory a shared memory, for instance `Region.prototype.memory` */
  constructor(memory: WasmMemory) {
    this.memory = memory;
    this.#refresh();
  }

  /** The memory's bytes, as far as they have been reached. */
  get bytes(): Uint8Array<SharedArrayBuffer> {
    return this.#bytes;
  }

  /** The same as unsigned 32-bit words. */
  get words(): Uint32Array<SharedArrayBuffer> {
    return this.#words;
  }

  /** The same as 64-bit floating-point numbers. */
  get doubles(): Float64Array<SharedArrayBuffer> {
    return this.#doubles;
  }

  /** The same as unsigned 64-bit words. */
  get longs(): BigUint64Array<SharedArrayBuffer> {
    return this.#longs;
  }

  /**
   * Makes the views cover everything below `end`. One comparison when they do already.
   *
   * @param end the address after the last byte that is going to be used
   * @throws RangeError when the memory does not go that far
   */
  reach(end: number): void {
    if (end > this.#bytes.length) this.#grow(end);
  }

  #grow(end: number): void {
    this.#refresh();
    if (end <= this.#bytes.length) return;
    // Another thread's growth may not have come to this one yet. Growing by nothing fetches it.
    this.memory.grow(0);
    this.#refresh();
    if (end > this.#bytes.length) {
      throw new RangeError(`The memory has ${this.#bytes.length} bytes, not ${end}.`);
    }
  }

  #refresh(): void {
    const buffer = this.memory.buffer as unknown as SharedArrayBuffer;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#longs = new BigUint64Array(buffer);
  }
}
