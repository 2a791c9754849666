// An index straight at its WebAssembly exports: keys are ordinals, value words bigints.
import { ENTRIES, ENTRY_BYTES, ENTRY_KEY, ENTRY_VALUE, PUT_ALWAYS, WORD_IN } from "@masstree/tree";
import type { LearnedExports } from "../src/generated/learned-exports.ts";

/** What an instance exports. */
export type Exports = LearnedExports & WebAssembly.Exports;

/** One participant's calls. */
export class Index {
  readonly exports: Exports;
  readonly #memory: WebAssembly.Memory;

  constructor(exports: Exports, memory: WebAssembly.Memory) {
    this.exports = exports;
    this.#memory = memory;
  }

  get #view(): DataView {
    return new DataView(this.#memory.buffer);
  }

  #writeKey(key: bigint): void {
    this.#view.setBigUint64(this.exports.keyScratch() >>> 0, key);
  }

  set(key: bigint, value: bigint): number {
    this.#writeKey(key);
    this.#view.setBigUint64((this.exports.resultScratch() >>> 0) + WORD_IN, value, true);
    return this.exports.put(8, PUT_ALWAYS);
  }

  delete(key: bigint): number {
    this.#writeKey(key);
    return this.exports.remove(8);
  }

  load(entries: readonly (readonly [bigint, bigint])[]): number {
    this.exports.beginLoad();
    for (const [key, value] of entries) {
      this.#writeKey(key);
      this.#view.setBigUint64((this.exports.resultScratch() >>> 0) + WORD_IN, value, true);
      this.exports.append(8);
    }
    return this.exports.finishLoad();
  }

  /** All entries, by one scan. */
  entries(): [bigint, bigint][] {
    const count = this.exports.scan(0, 0, 0, 2048);
    const found: [bigint, bigint][] = [];
    let at = (this.exports.resultScratch() >>> 0) + ENTRIES;
    for (let i = 0; i < count; i++) {
      const view = this.#view;
      found.push([view.getBigUint64(at + ENTRY_KEY), view.getBigUint64(at + ENTRY_VALUE, true)]);
      at += view.getUint32(at + ENTRY_BYTES, true);
    }
    return found;
  }
}
