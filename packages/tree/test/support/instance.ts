// One thread's use of one tree, straight at its WebAssembly exports: keys are bytes, value words are
// numbers below 2^53 or bigints. Used by tests and by their worker threads, so it needs no test runner.

import {
  COMBINE_ADD,
  DETAIL,
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  type TreeExports as Exports,
  PUT_FULL as FULL,
  PUT_INSERTED as INSERTED,
  PUT_ALWAYS,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_REFUSED as REFUSED,
  PUT_REPLACED as REPLACED,
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_REVERSE,
  SCAN_START_INCLUSIVE,
  WORD_EXPECTED,
  WORD_IN,
  WORD_OUT,
} from "../../src/generated/tree-exports.ts";

export { type Exports, FULL, INSERTED, REFUSED, REPLACED };

export type Key = Uint8Array;
export type Entry = readonly [key: Key, value: number];

/** A range as the tree knows it: `start` is where the scan begins, so in reverse the upper bound. */
export interface Range {
  start?: Key | undefined;
  startInclusive?: boolean | undefined;
  end?: Key | undefined;
  endInclusive?: boolean | undefined;
  reverse?: boolean | undefined;
}

export interface Finding {
  code: number;
  node: number;
  detail: bigint;
  detail2: bigint;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  const { exports } = new WebAssembly.Instance(module, {
    env: { memory },
    host: { isGone: () => 0, now: Date.now, tell: () => {} },
  });
  return exports as unknown as Exports;
}

const TWO_32 = 2 ** 32;

export class TreeInstance {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly exports: Exports;
  #keyAt = 0;
  #boundAt = 0;
  #resultAt = 0;
  #bytes = new Uint8Array();
  #words = new Uint32Array();

  /** Attaches this thread to the map in a memory. */
  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.module = module;
    this.memory = memory;
    this.exports = instantiate(module, memory);
    this.attach();
  }

  attach(): void {
    const status = this.exports.attach(1, 0, 0);
    if (status !== 0) throw new Error(`attach answered ${status}`);
    this.#keyAt = this.exports.keyScratch() >>> 0;
    this.#boundAt = this.exports.boundScratch() >>> 0;
    this.#resultAt = this.exports.resultScratch() >>> 0;
    // The scratch areas are inside what the memory has now, and stay where they are.
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#words = new Uint32Array(this.memory.buffer);
  }

  detach(): void {
    this.exports.detach();
  }

  /** INSERTED, REPLACED or FULL. */
  set(key: Key, value: number): number {
    return this.#put(key, value, PUT_ALWAYS);
  }

  /** The value before, undefined when there was none and nothing was written; FULL when there is no memory. */
  replace(key: Key, value: number): number | undefined {
    return this.#put(key, value, PUT_IF_PRESENT) === REPLACED ? this.found() : undefined;
  }

  /** INSERTED or FULL; REFUSED when there is a value, which `found` then gives. */
  insert(key: Key, value: number): number {
    return this.#put(key, value, PUT_IF_ABSENT);
  }

  /** The new value; FULL (as -1) when there is no memory. Numbers are 64-bit words without a sign here. */
  add(key: Key, value: number): number {
    return this.#put(key, value, COMBINE_ADD + 4) === FULL ? -1 : this.found();
  }

  /** Whether the value was the expected one, and is the next one now; without one, the key is gone. */
  compare(key: Key, expected: number, next: number | undefined): boolean {
    this.#writeWord(WORD_EXPECTED, expected);
    if (next !== undefined) return this.#put(key, next, PUT_IF_EQUAL) === REPLACED;
    this.#bytes.set(key, this.#keyAt);
    return this.exports.removeEqual(key.length) === 1;
  }

  #put(key: Key, value: number, condition: number): number {
    this.#writeWord(WORD_IN, value);
    this.#bytes.set(key, this.#keyAt);
    return this.exports.put(key.length, condition);
  }

  #writeWord(at: number, value: number): void {
    const word = (this.#resultAt + at) >>> 2;
    this.#words[word] = value;
    this.#words[word + 1] = value / TWO_32;
  }

  get(key: Key): number | undefined {
    this.#bytes.set(key, this.#keyAt);
    return this.exports.get(key.length) === 1 ? this.found() : undefined;
  }

  has(key: Key): boolean {
    this.#bytes.set(key, this.#keyAt);
    return this.exports.has(key.length) === 1;
  }

  /** Whether it was there. */
  remove(key: Key): boolean {
    this.#bytes.set(key, this.#keyAt);
    return this.exports.remove(key.length) === 1;
  }

  /** The value of each key. */
  findMany(keys: readonly Key[]): (number | undefined)[] {
    this.#writeEntries(keys.map((key) => [key, 0]));
    const count = this.exports.findMany(keys.length);
    const found = keys.map((): number | undefined => undefined);
    let at = this.#resultAt + ENTRIES;
    for (let i = 0; i < count; i++) {
      found[this.#words[at >>> 2]!] = this.#numberAt(at + ENTRY_VALUE);
      at += this.#words[(at + ENTRY_BYTES) >>> 2]!;
    }
    return found;
  }

  /** How many entries were set before memory was full. */
  putMany(entries: readonly Entry[]): number {
    this.#writeEntries(entries);
    return this.exports.putMany(entries.length);
  }

  /** How many keys were there. */
  removeMany(keys: readonly Key[]): number {
    this.#writeEntries(keys.map((key) => [key, 0]));
    return this.exports.removeMany(keys.length);
  }

  /** How many keys of a range it removed. */
  clearRange({ start, startInclusive, end, endInclusive }: Range): number {
    let flags =
      (start ? SCAN_HAS_START : 0) |
      (start && startInclusive ? SCAN_START_INCLUSIVE : 0) |
      (end ? SCAN_HAS_END : 0) |
      (end && endInclusive ? SCAN_END_INCLUSIVE : 0);
    if (start) this.#bytes.set(start, this.#keyAt);
    let length = start?.length ?? 0;
    let removed = 0;
    while (true) {
      if (end) this.#bytes.set(end, this.#boundAt);
      removed += this.exports.clearLeaf(length, end?.length ?? 0, flags);
      if (this.exports.scanDone() === 1) return removed;
      length = this.found();
      flags = (flags & ~SCAN_START_INCLUSIVE) | SCAN_HAS_START;
    }
  }

  /** All of them have to fit in the result scratch. */
  #writeEntries(entries: readonly Entry[]): void {
    let at = this.#resultAt + ENTRIES;
    for (const [key, value] of entries) {
      const bytes = (ENTRY_KEY + key.length + 7) & ~7;
      this.#words[at >>> 2] = key.length;
      this.#words[(at + ENTRY_BYTES) >>> 2] = bytes;
      this.#writeWord(at + ENTRY_VALUE - this.#resultAt, value);
      this.#bytes.set(key, at + ENTRY_KEY);
      at += bytes;
    }
  }

  /** The word that the last get found, remove took out or set replaced. */
  found(): number {
    return this.#numberAt(this.#resultAt + WORD_OUT);
  }

  setWord(key: Key, value: bigint): number {
    new DataView(this.memory.buffer).setBigUint64(this.#resultAt + WORD_IN, value, true);
    this.#bytes.set(key, this.#keyAt);
    return this.exports.put(key.length, PUT_ALWAYS);
  }

  getWord(key: Key): bigint | undefined {
    if (this.get(key) === undefined) return undefined;
    return new DataView(this.memory.buffer).getBigUint64(this.#resultAt + WORD_OUT, true);
  }

  #numberAt(address: number): number {
    const at = address >>> 2;
    return (this.#words[at] as number) + (this.#words[at + 1] as number) * TWO_32;
  }

  /** How many entries a range has, `most` at most; if there are as many, `last` is the key of the last one. */
  count(range: Range, most: number): { count: number; last: Key } {
    const { start, startInclusive, end, endInclusive, reverse } = range;
    const flags =
      (reverse ? SCAN_REVERSE : 0) |
      (start ? SCAN_HAS_START : 0) |
      (startInclusive ? SCAN_START_INCLUSIVE : 0) |
      (end ? SCAN_HAS_END : 0) |
      (endInclusive ? SCAN_END_INCLUSIVE : 0);
    if (start) this.#bytes.set(start, this.#keyAt);
    if (end) this.#bytes.set(end, this.#boundAt);
    const count = this.exports.count(start?.length ?? 0, end?.length ?? 0, flags, most);
    return { count, last: this.#bytes.slice(this.#keyAt, this.#keyAt + this.found()) };
  }

  /** The entries of a range, fetched `batch` at a time; at most `limit`, which may be passed by a batch. */
  scan(range: Range = {}, batch: number = 64, limit: number = Number.POSITIVE_INFINITY): Entry[] {
    const entries: Entry[] = [];
    for (const some of this.batches(range, batch)) {
      for (const entry of some) entries.push(entry);
      if (entries.length >= limit) break;
    }
    return entries;
  }

  /** The same, a batch at a time: between two the tree can change. */
  *batches(range: Range = {}, batch: number = 64): Generator<Entry[], void, undefined> {
    const { end, endInclusive, reverse } = range;
    let { start, startInclusive } = range;
    while (true) {
      const flags =
        (reverse ? SCAN_REVERSE : 0) |
        (start ? SCAN_HAS_START : 0) |
        (startInclusive ? SCAN_START_INCLUSIVE : 0) |
        (end ? SCAN_HAS_END : 0) |
        (endInclusive ? SCAN_END_INCLUSIVE : 0);
      if (start) this.#bytes.set(start, this.#keyAt);
      if (end) this.#bytes.set(end, this.#boundAt);
      const count = this.exports.scan(start?.length ?? 0, end?.length ?? 0, flags, batch);
      const done = this.exports.scanDone() === 1;
      if (count === 0 && !done) throw new Error("a scan that is not done gave nothing");
      const entries = this.#readEntries(count);
      if (count > 0) yield entries;
      if (done) return;
      start = (entries.at(-1) as Entry)[0];
      startInclusive = false;
    }
  }

  #readEntries(count: number): Entry[] {
    const entries: Entry[] = [];
    let at = this.#resultAt + ENTRIES;
    for (let i = 0; i < count; i++) {
      const length = this.#words[at >>> 2] as number;
      const key = at + ENTRY_KEY;
      entries.push([this.#bytes.slice(key, key + length), this.#numberAt(at + ENTRY_VALUE)]);
      at += this.#words[(at + ENTRY_BYTES) >>> 2] as number;
    }
    return entries;
  }

  get size(): number {
    return this.exports.size();
  }

  /** What verify finds, undefined when the tree is sound. Nobody else may be in an operation. */
  examine(): Finding | undefined {
    const code = this.exports.verify();
    if (code === 0) return undefined;
    const view = new DataView(
      this.memory.buffer,
      this.#resultAt + WORD_OUT,
      DETAIL + 16 - WORD_OUT,
    );
    return {
      code,
      node: Number(view.getBigUint64(0, true)),
      detail: view.getBigUint64(8, true),
      detail2: view.getBigUint64(16, true),
    };
  }

  /** Throws unless every invariant holds. */
  verify(): void {
    const finding = this.examine();
    if (finding === undefined) return;
    const { code, node, detail, detail2 } = finding;
    throw new Error(`verify: code ${code} at ${node.toString(16)}, ${detail}, ${detail2}`);
  }
}
