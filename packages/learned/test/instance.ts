// An index straight at its WebAssembly exports: keys are ordinals, values bigints, in slots or in boxes.
import { ENTRIES, ENTRY_BYTES, ENTRY_KEY, ENTRY_VALUE, PUT_ALWAYS, WORD_IN } from "@masstree/tree";
import type { LearnedBoxExports } from "../src/generated/learned-boxed-exports.ts";
import type { LearnedExports } from "../src/generated/learned-exports.ts";

/** What both kinds of instances export. */
export type Exports = Pick<LearnedExports, keyof LearnedExports & keyof LearnedBoxExports> &
  WebAssembly.Exports;

/** One participant's calls. */
export abstract class Index {
  readonly exports: Exports;
  readonly #memory: WebAssembly.Memory;

  constructor(exports: Exports, memory: WebAssembly.Memory) {
    this.exports = exports;
    this.#memory = memory;
  }

  protected get view(): DataView {
    return new DataView(this.#memory.buffer);
  }

  protected get result(): number {
    return this.exports.resultScratch() >>> 0;
  }

  #writeKey(key: bigint): void {
    this.view.setBigUint64(this.exports.keyScratch() >>> 0, key);
  }

  set(key: bigint, value: bigint): number {
    this.#writeKey(key);
    return this.put(value);
  }

  delete(key: bigint): number {
    this.#writeKey(key);
    return this.exports.remove(8);
  }

  load(
    entries: readonly (readonly [bigint, bigint])[],
    { isDedup = false }: { isDedup?: boolean } = {},
  ): number {
    this.begin(entries, isDedup);
    return this.exports.finishLoad();
  }

  /** Begins a load, and gives it up. */
  giveUp(entries: readonly (readonly [bigint, bigint])[]): void {
    this.begin(entries, true);
    this.exports.endLoad();
  }

  private begin(entries: readonly (readonly [bigint, bigint])[], isDedup: boolean): void {
    this.exports.beginLoad();
    if (isDedup) this.exports.takeLast();
    for (const [key, value] of entries) {
      this.#writeKey(key);
      this.append(value);
    }
  }

  /** All entries, by one scan. */
  entries(): [bigint, bigint][] {
    this.exports.pin();
    const count = this.scan();
    this.exports.unpin();
    const found: [bigint, bigint][] = [];
    let at = this.result + ENTRIES;
    for (let i = 0; i < count; i++) {
      found.push([this.view.getBigUint64(at + ENTRY_KEY), this.valueAt(at)]);
      at += this.view.getUint32(at + ENTRY_BYTES, true);
    }
    return found;
  }

  protected abstract put(value: bigint): number;
  protected abstract append(value: bigint): number;
  protected abstract scan(): number;
  protected abstract valueAt(entry: number): bigint;
}

/** With values in slots. */
export class NumberIndex extends Index {
  declare readonly exports: LearnedExports & WebAssembly.Exports;

  protected put(value: bigint): number {
    this.view.setBigUint64(this.result + WORD_IN, value, true);
    return this.exports.put(8, PUT_ALWAYS);
  }

  protected append(value: bigint): number {
    this.view.setBigUint64(this.result + WORD_IN, value, true);
    return this.exports.append(8);
  }

  protected scan(): number {
    return this.exports.scan(0, 0, 0, 2048);
  }

  protected valueAt(entry: number): bigint {
    return this.view.getBigUint64(entry + ENTRY_VALUE, true);
  }
}

/** With values as payloads: a number, again and again. Small odd ones are short, others in boxes of several sizes. */
export class BoxIndex extends Index {
  declare readonly exports: LearnedBoxExports & WebAssembly.Exports;

  #stage(value: bigint): number {
    const length = value % 2n === 1n && value < 256n ? 1 : 8 * (1 + Number(value % 5n));
    const { view } = this;
    for (let at = 0; at < length; at++) {
      view.setUint8(this.result + ENTRIES + at, Number((value >> BigInt(8 * (at % 8))) & 255n));
    }
    return length;
  }

  protected put(value: bigint): number {
    return this.exports.copyIn(8, this.#stage(value), PUT_ALWAYS);
  }

  protected append(value: bigint): number {
    return this.exports.appendIn(8, this.#stage(value));
  }

  protected scan(): number {
    const count = this.exports.scan(0, 0, 0, 500);
    if (count > 0 && this.exports.copyBoxes(count, 0) !== count) throw new Error("no room");
    return count;
  }

  protected valueAt(entry: number): bigint {
    const at = this.result + ENTRIES + this.view.getUint32(entry + ENTRY_VALUE, true);
    const length = this.view.getUint32(entry + ENTRY_VALUE + 4, true);
    const value = length === 1 ? BigInt(this.view.getUint8(at)) : this.view.getBigUint64(at, true);
    for (let next = at + 8; next < at + length; next += 8) {
      if (this.view.getBigUint64(next, true) !== value) throw new Error("a payload is torn");
    }
    return value;
  }
}
