// What a read may return other than the last value: WebAssembly's memory model, played by the machine.
//
// The model (Watt, Rossberg, Pichon-Pharabod, 'Weakening WebAssembly', OOPSLA 2019; the same rules as
// JavaScript's) says which writes a read may take each of its bytes from. With 'before' for happens-before, which is
// the order of each thread, and from an atomic write to an atomic read of exactly the same bytes that takes its value:
//
// 1. Not a write that another one, which is before the read, comes after. Nothing else holds for plain accesses:
//    two reads of the same byte may even see two writes the other way round.
// 2. Atomic reads and writes of the same word follow one order of all atomics (atomic-order.ts).
// 3. An aligned plain read of up to 4 bytes, and an atomic one, does not tear; a longer one does.
//
// Steps are in an order in which every write precedes those that read it. So a value that was seen late is an
// older one that is still there, and a write that took effect late is one that others do not see yet: all
// that has to be chosen is the age of what a read returns. The last value, which the memory holds, is the
// default; for another one the older bytes are put there right before the access, and taken away at
// the next step.
//
// An atomic read of an older atomic value only says that the order of the atomics is not that of the
// steps. If every value read so far was written before its reader, in the sense above, the steps could be
// sorted into that order, and that is another schedule. So such a read is offered only after a read that raced.
import { Kind } from "../wasm/access.ts";
import { AtomicOrder, wordOf } from "./atomic-order.ts";
import {
  bytesIn,
  cellShift,
  cellsOf,
  isBeforeWrite,
  type Layer,
  layerAt,
  masks,
  sourceOf,
  type Write,
} from "./layers.ts";
import type { Region } from "./region.ts";

// See effects.ts.
const { PlainLoad, AtomicLoad, PlainStore, AtomicStore, ReadModifyWrite } = Kind;

/** Later than every step. */
const now = Number.POSITIVE_INFINITY;

/** A read that takes place. */
interface Read {
  readonly thread: number;
  readonly address: number;
  readonly width: number;
  /** 0 for a plain one. */
  readonly word: number;
}

/** Cells that hold again what they held before step `time`. */
interface Alternative {
  readonly cells: readonly number[];
  readonly contents: readonly number[];
  readonly time: number;
  /** The number of the first atomic write that the read has to come before. */
  readonly before: number | undefined;
}

export interface WeakMemoryOptions {
  readonly threads: number;
  readonly region: Region;
  /** Which of so many older values a read of the thread takes; 0 for the last value. */
  choose(thread: number, alternatives: number): number;
}

export class WeakMemory {
  readonly #options: WeakMemoryOptions;
  readonly #threads: number;
  // By cell, the last write to it; and the cells that have one.
  readonly #tops: (Layer | undefined)[];
  readonly #written: number[] = [];
  // By thread: the last step of each thread that was before what it does now.
  readonly #known: Int32Array;
  readonly #atomics = new AtomicOrder();
  readonly #notes = new Map<number, string>();
  #staleLeft = 0;
  #raced = false;
  /** What has to be put back. */
  readonly #hidden: { readonly cell: number; readonly contents: number }[] = [];
  /** Reads that could have returned another value than the last, in all schedules. */
  choices = 0;

  constructor(options: WeakMemoryOptions) {
    this.#options = options;
    this.#threads = options.threads;
    this.#tops = new Array<Layer | undefined>(options.region.limit >>> cellShift).fill(undefined);
    this.#known = new Int32Array(options.threads * options.threads);
  }

  /** A new schedule, with up to `stale` reads of older values. */
  begin(stale: number): void {
    this.#staleLeft = stale;
    this.#raced = false;
    for (const cell of this.#written) this.#tops[cell] = undefined;
    this.#written.length = 0;
    this.#known.fill(0);
    this.#atomics.begin();
    this.#notes.clear();
    this.#hidden.length = 0;
  }

  /** Everything that thread `ended` did is before what `thread` does from here on. */
  join(thread: number, ended: number, step: number): void {
    this.#learn(thread, this.#known.subarray(ended * this.#threads, (ended + 1) * this.#threads));
    this.#known[thread * this.#threads + ended] = step;
    this.#atomics.join(thread, ended);
  }

  /** What a step read instead of the last value, for people. */
  noteOf(step: number): string | undefined {
    return this.#notes.get(step);
  }

  /** The access is over: the memory holds the last values again. */
  settle(): void {
    if (this.#hidden.length === 0) return;
    const { words } = this.#options.region;
    for (const { cell, contents } of this.#hidden) words[cell] = contents;
    this.#hidden.length = 0;
  }

  /** An access of 1 to 16 bytes at a fixed site. */
  access(kind: Kind, thread: number, clock: number, address: number, width: number): void {
    if (kind === PlainLoad) {
      this.#read({ thread, address, width, word: 0 }, clock, true);
    } else if (kind === AtomicLoad) {
      this.#read({ thread, address, width, word: wordOf(address, width) }, clock, true);
    } else if (kind === PlainStore) {
      this.plainWrite(thread, clock, address, width);
    } else if (kind === AtomicStore) {
      this.#write(thread, clock, address, width, wordOf(address, width));
    } else if (kind === ReadModifyWrite) {
      this.update(thread, clock, address, width);
    }
  }

  plainWrite(thread: number, clock: number, address: number, width: number): void {
    this.#write(thread, clock, address, width, 0);
  }

  /** A read-modify-write takes the last value: it comes right after the write before it. */
  update(thread: number, clock: number, address: number, width: number): void {
    const word = wordOf(address, width);
    this.#read({ thread, address, width, word }, clock, false);
    this.#write(thread, clock, address, width, word);
  }

  /** A compare-exchange that did not find what it expects. */
  failedUpdate(thread: number, clock: number, address: number, width: number): void {
    this.#read({ thread, address, width, word: wordOf(address, width) }, clock, false);
  }

  copy(thread: number, clock: number, target: number, source: number, length: number): void {
    const overlap = source < target + length && target < source + length;
    this.#read({ thread, address: source, width: length, word: 0 }, clock, !overlap);
    this.#write(thread, clock, target, length, 0);
  }

  #read(read: Read, clock: number, mayBeStale: boolean): void {
    if (this.#isOrdered(read)) {
      // It has one source, and knows all that this one tells.
      const source = this.#tops[read.address >>> cellShift]?.write;
      const from = source?.word === read.word ? source.number : -1;
      if (read.word !== 0) this.#atomics.read(read.thread, read.word, from, undefined);
      return;
    }
    const alternatives = mayBeStale ? this.#alternatives(read) : [];
    let chosen: Alternative | undefined;
    if (alternatives.length > 0) {
      this.choices++;
      if (this.#staleLeft > 0) {
        chosen = alternatives[this.#options.choose(read.thread, alternatives.length) - 1];
      }
    }
    if (chosen !== undefined) this.#show(chosen, clock);
    this.#take(read, chosen);
  }

  /** Whether every byte's last write was before the read, and all others were before that one. */
  #isOrdered({ thread, address, width }: Read): boolean {
    const end = (address + width - 1) >>> cellShift;
    for (let cell = address >>> cellShift; cell <= end; cell++) {
      const top = this.#tops[cell];
      if (top !== undefined && !this.#hidesAll(top, thread, bytesIn(cell, address, width))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the thread can see none of the writes below. */
  #hidesAll(layer: Layer, thread: number, bytes: number): boolean {
    return (
      layer.isOrdered && (layer.bytes & bytes) === bytes && this.#isBefore(layer.write, thread)
    );
  }

  /** The older values that a read may return: as a whole, or in one cell if it tears. */
  #alternatives(read: Read): Alternative[] {
    const { address, width, word } = read;
    const cells = cellsOf(address, width);
    const { words } = this.#options.region;
    const found: Alternative[] = [];
    const seen = new Set<string>();
    const add = (some: readonly number[]): void => {
      for (const time of this.#momentsOf(some, read)) {
        const before = this.#mayReturn(some, time, read);
        if (before === false) continue;
        const contents = some.map(
          (cell) => layerAt(this.#tops[cell], time)?.contents ?? words[cell]!,
        );
        if (word === 0) {
          // The same bytes are the same to a plain read, whoever wrote them.
          const seeing = some.map((cell, index) => {
            const mask = masks[bytesIn(cell, address, width)]!;
            return [contents[index]! & mask, words[cell]! & mask] as const;
          });
          const key = `${some[0]} ${seeing.map(([old]) => old).join()}`;
          if (seen.has(key) || seeing.every(([old, current]) => old === current)) continue;
          seen.add(key);
        }
        found.push({ cells: some, contents, time, before: before === true ? undefined : before });
      }
    };
    const written = cells.filter((cell) => this.#tops[cell] !== undefined);
    add(written);
    if (word === 0 && cells.length > 1) for (const cell of written) add([cell]);
    return found;
  }

  /** The steps before which the cells held something else that may still be there, the last one first. */
  #momentsOf(cells: readonly number[], { thread, address, width }: Read): number[] {
    const moments = new Set<number>();
    for (const cell of cells) {
      const bytes = bytesIn(cell, address, width);
      for (let layer = this.#tops[cell]; layer !== undefined; layer = layer.below) {
        if (this.#hidesAll(layer, thread, bytes)) break;
        if ((layer.bytes & bytes) !== 0) moments.add(layer.write.clock);
      }
    }
    return [...moments].sort((a, b) => b - a);
  }

  /**
   * Whether the read may return what the cells held before a step; if so only in case that it comes before an
   * atomic write, the number of that.
   */
  #mayReturn(cells: readonly number[], time: number, read: Read): boolean | number {
    let before: number | undefined;
    for (const cell of cells) {
      const bytes = bytesIn(cell, read.address, read.width);
      for (let bit = 1; bit <= bytes; bit <<= 1) {
        if ((bytes & bit) === 0) continue;
        const source = sourceOf(this.#tops[cell], bit, time);
        for (let layer = this.#tops[cell]; layer !== undefined; layer = layer.below) {
          const { write } = layer;
          if (write.clock < time) break;
          if ((layer.bytes & bit) === 0) continue;
          if (this.#isHidden(source, write, read.thread)) return false;
          if (this.#mustPrecede(source, write, read))
            before = Math.min(before ?? now, write.number);
        }
      }
    }
    if (before === undefined) return true;
    return this.#raced && this.#atomics.mayPrecede(read.thread, before) ? before : false;
  }

  /** Whether `later` keeps the thread from seeing an older write; undefined for what was there at first. */
  #isHidden(source: Write | undefined, later: Write, thread: number): boolean {
    if (!this.#isBefore(later, thread)) return false;
    if (source === undefined || isBeforeWrite(source, later)) return true;
    return source.word !== 0 && source.word === later.word && this.#isBefore(source, thread);
  }

  /** Whether an atomic read of an older write comes before `later`, in the order of all atomics. */
  #mustPrecede(source: Write | undefined, later: Write, { thread, word }: Read): boolean {
    if (word === 0 || later.word !== word) return false;
    if (source === undefined || source.word === word) return true;
    return this.#isBefore(source, thread) && isBeforeWrite(source, later);
  }

  /** The read returns: it takes over the order that its bytes' writes tell of. */
  #take({ thread, address, width, word }: Read, chosen: Alternative | undefined): void {
    const sources = new Set<Write | undefined>();
    for (const cell of cellsOf(address, width)) {
      const bytes = bytesIn(cell, address, width);
      const time = chosen?.cells.includes(cell) ? chosen.time : now;
      for (let bit = 1; bit <= bytes; bit <<= 1) {
        if ((bytes & bit) !== 0) sources.add(sourceOf(this.#tops[cell], bit, time));
      }
    }
    let from = -1;
    for (const source of sources) {
      if (source === undefined || source.word === 0 || source.word !== word) continue;
      from = source.number;
      this.#learn(thread, source.known);
    }
    for (const source of sources) {
      if (source !== undefined && !this.#isBefore(source, thread)) this.#raced = true;
    }
    if (word !== 0) this.#atomics.read(thread, word, from, chosen?.before);
  }

  /** Puts older bytes where the access finds them. */
  #show({ cells, contents, time }: Alternative, clock: number): void {
    this.#staleLeft--;
    this.#notes.set(clock, `reads what was there before step ${time}`);
    const { words } = this.#options.region;
    for (const [index, cell] of cells.entries()) {
      this.#hidden.push({ cell, contents: words[cell]! });
      words[cell] = contents[index]!;
    }
  }

  #write(thread: number, clock: number, address: number, width: number, word: number): void {
    const from = thread * this.#threads;
    this.#known[from + thread] = clock;
    const known = this.#known.slice(from, from + this.#threads);
    const number = word === 0 ? -1 : this.#atomics.write(thread, word);
    const write: Write = { thread, clock, word, number, known };
    const { words } = this.#options.region;
    const last = (address + width - 1) >>> cellShift;
    for (let cell = address >>> cellShift; cell <= last; cell++) {
      const below = this.#tops[cell];
      let isOrdered = true;
      for (let layer = below; layer !== undefined && isOrdered; layer = layer.below) {
        isOrdered = this.#isBefore(layer.write, thread);
        if (layer.isOrdered) break;
      }
      const bytes = bytesIn(cell, address, width);
      if (below === undefined) this.#written.push(cell);
      this.#tops[cell] = { write, bytes, contents: words[cell]!, below, isOrdered };
    }
  }

  #isBefore(write: Write, thread: number): boolean {
    return (
      write.thread === thread || write.clock <= this.#known[thread * this.#threads + write.thread]!
    );
  }

  #learn(thread: number, known: Int32Array): void {
    const from = thread * this.#threads;
    for (let other = 0; other < this.#threads; other++) {
      if (known[other]! > this.#known[from + other]!) this.#known[from + other] = known[other]!;
    }
  }
}
