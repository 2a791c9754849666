// Finds accesses that nothing orders.
//
// Steps are numbered in the order of the schedule, and a thread's clock is the number of its last
// step. `known[t][u]` is the last step of thread u that happened before what thread t does now. For
// every byte and thread the last plain read, plain write, atomic read and atomic write are kept, so
// that mixed widths need no special care: an access races with an earlier one of thread u on one of
// its bytes when that one's number is above `known[t][u]`.
//
// Order comes from atomics: an atomic write leaves the writer's clocks at its bytes, an atomic read
// of these bytes takes them over; a read-modify-write does both. A failed compare-exchange is a
// read. Waiting and waking order nothing: code that relied on that alone would be fragile.
//
// Two atomic accesses never race, unless they overlap without being of the same bytes: such pairs
// are not ordered by the memory model either ('mixed').
//
//   a byte of shadow: n plain reads | n plain writes | n atomic reads | n atomic writes |
//                     clocks left by the last atomic write | bytes of the last atomic access
//   after the 64 bytes of a line: n last steps that were anywhere in it
//
// Lines of 64 bytes get their shadow at the first touch in a schedule, so that starting over costs
// what was touched.
import { Failure } from "../failure.ts";
import type { Site } from "../instrument.ts";
import type { RaceRule } from "./rules.ts";

const lineBytes = 64;

const PlainRead = 0;
const PlainWrite = 1;
const AtomicRead = 2;
const AtomicWrite = 3;

const actionNames = ["plain read", "plain write", "atomic read", "atomic write"];

/** Where the line of an address ends. */
const lineEnd = (at: number): number => at - (at % lineBytes) + lineBytes;

export interface RaceCheckerOptions {
  readonly threads: number;
  /** Bytes of memory. */
  readonly bytes: number;
  readonly rules: readonly RaceRule[];
  readonly sites: readonly Site[];
  describe(site: number): string;
  /** Site of a step of the present schedule. */
  siteOf(step: number): number;
}

export class RaceChecker {
  readonly #options: RaceCheckerOptions;
  readonly #threads: number;
  readonly #stride: number;
  readonly #lineSize: number;
  readonly #lineOf: Int32Array;
  readonly #generationOf: Int32Array;
  #generation = 0;
  #lines = 0;
  #shadow: Int32Array;
  #clocks: Int32Array;
  #clockCount = 1;
  readonly #known: Int32Array;
  /** Pairs that a rule allowed, by the rule's name. */
  readonly allowed: Map<string, number> = new Map();

  constructor(options: RaceCheckerOptions) {
    this.#options = options;
    this.#threads = options.threads;
    this.#stride = 4 * options.threads + 2;
    const lines = Math.ceil(options.bytes / lineBytes);
    this.#lineOf = new Int32Array(lines);
    this.#generationOf = new Int32Array(lines);
    this.#lineSize = lineBytes * this.#stride + options.threads;
    this.#shadow = new Int32Array(64 * this.#lineSize);
    this.#clocks = new Int32Array(1024 * options.threads);
    this.#known = new Int32Array(options.threads * options.threads);
  }

  /** Forgets everything: what follows happens after all that came before. */
  reset(): void {
    this.#generation++;
    this.#lines = 0;
    this.#clockCount = 1;
    this.#known.fill(0);
  }

  /** Everything that thread `ended` did happens before what `thread` does from here on. */
  join(thread: number, ended: number, step: number): void {
    const n = this.#threads;
    for (let other = 0; other < n; other++) {
      const clock = this.#known[ended * n + other]!;
      if (clock > this.#known[thread * n + other]!) this.#known[thread * n + other] = clock;
    }
    this.#known[thread * n + ended] = step;
  }

  plainRead(thread: number, step: number, address: number, width: number): void {
    for (let at = address, end = address + width; at < end; ) {
      const stop = Math.min(end, lineEnd(at));
      let base = this.#shadowOf(at);
      const shadow = this.#shadow;
      const isOrdered = this.#visit(at, thread, step);
      for (; at < stop; at++, base += this.#stride) {
        if (!isOrdered) {
          this.#check(base, PlainWrite, at, thread, step, PlainRead);
          this.#check(base, AtomicWrite, at, thread, step, PlainRead);
        }
        shadow[base + thread] = step;
      }
    }
  }

  plainWrite(thread: number, step: number, address: number, width: number): void {
    const n = this.#threads;
    for (let at = address, end = address + width; at < end; ) {
      const stop = Math.min(end, lineEnd(at));
      let base = this.#shadowOf(at);
      const shadow = this.#shadow;
      const isOrdered = this.#visit(at, thread, step);
      for (; at < stop; at++, base += this.#stride) {
        if (!isOrdered) {
          for (let action = 0; action < 4; action++) {
            this.#check(base, action, at, thread, step, PlainWrite);
          }
        }
        shadow[base + n + thread] = step;
        // A plain write leaves no clocks: who reads it atomically is not ordered after it.
        shadow[base + 4 * n] = 0;
      }
    }
  }

  atomicRead(thread: number, step: number, address: number, width: number): void {
    const n = this.#threads;
    const range = address * 32 + width;
    let joined = 0;
    for (let at = address, end = address + width; at < end; ) {
      const stop = Math.min(end, lineEnd(at));
      let base = this.#shadowOf(at);
      const shadow = this.#shadow;
      // What the first byte tells may order all that others did there.
      joined = this.#join(thread, shadow[base + 4 * n]!, joined);
      const isOrdered = this.#visit(at, thread, step);
      for (; at < stop; at++, base += this.#stride) {
        joined = this.#join(thread, shadow[base + 4 * n]!, joined);
        if (!isOrdered) this.#check(base, PlainWrite, at, thread, step, AtomicRead);
        this.#checkRange(base, at, thread, step, range, AtomicRead);
        shadow[base + 2 * n + thread] = step;
      }
    }
  }

  /** An atomic write; `reads` when it is a read-modify-write. */
  atomicWrite(thread: number, step: number, address: number, width: number, reads: boolean): void {
    if (reads) this.atomicRead(thread, step, address, width);
    const n = this.#threads;
    const range = address * 32 + width;
    const clocks = this.#release(thread, step);
    for (let at = address, end = address + width; at < end; ) {
      const stop = Math.min(end, lineEnd(at));
      let base = this.#shadowOf(at);
      const shadow = this.#shadow;
      const isOrdered = this.#visit(at, thread, step);
      for (; at < stop; at++, base += this.#stride) {
        if (!isOrdered) {
          this.#check(base, PlainRead, at, thread, step, AtomicWrite);
          this.#check(base, PlainWrite, at, thread, step, AtomicWrite);
        }
        if (!reads) this.#checkRange(base, at, thread, step, range, AtomicWrite);
        shadow[base + 3 * n + thread] = step;
        shadow[base + 4 * n] = clocks;
      }
    }
  }

  #shadowOf(at: number): number {
    const line = at >>> 6;
    if (this.#generationOf[line] !== this.#generation) {
      this.#generationOf[line] = this.#generation;
      const size = this.#lineSize;
      const index = this.#lines++;
      if (this.#lines * size > this.#shadow.length) {
        const larger = new Int32Array(this.#shadow.length * 2);
        larger.set(this.#shadow);
        this.#shadow = larger;
      }
      this.#shadow.fill(0, index * size, (index + 1) * size);
      this.#lineOf[line] = index;
    }
    return this.#lineOf[line]! * this.#lineSize + (at & 63) * this.#stride;
  }

  /**
   * Notes that the thread is at a line, which has its shadow. Whether all that others did anywhere in it
   * happened before: then there is no need to look at the single bytes.
   */
  #visit(at: number, thread: number, step: number): boolean {
    const n = this.#threads;
    const lastSteps = this.#lineOf[at >>> 6]! * this.#lineSize + lineBytes * this.#stride;
    const shadow = this.#shadow;
    shadow[lastSteps + thread] = step;
    for (let other = 0; other < n; other++) {
      if (shadow[lastSteps + other]! > this.#known[thread * n + other]! && other !== thread) {
        return false;
      }
    }
    return true;
  }

  /** Compares with what the others last did of one kind at a byte. */
  #check(
    base: number,
    action: number,
    at: number,
    thread: number,
    step: number,
    later: number,
  ): void {
    const n = this.#threads;
    for (let other = 0; other < n; other++) {
      if (other === thread) continue;
      const earlier = this.#shadow[base + action * n + other]!;
      if (earlier > this.#known[thread * n + other]!) {
        this.#report(at, earlier, action, step, later);
      }
    }
  }

  /** Takes over the clocks at a byte, unless these are those of the byte before. */
  #join(thread: number, clocks: number, joined: number): number {
    if (clocks === joined || clocks === 0) return joined;
    this.#acquire(thread, clocks);
    return clocks;
  }

  #acquire(thread: number, clocks: number): void {
    const n = this.#threads;
    for (let other = 0; other < n; other++) {
      const clock = this.#clocks[clocks * n + other]!;
      if (clock > this.#known[thread * n + other]!) this.#known[thread * n + other] = clock;
    }
  }

  #release(thread: number, step: number): number {
    const n = this.#threads;
    const index = this.#clockCount++;
    if ((index + 1) * n > this.#clocks.length) {
      const larger = new Int32Array(this.#clocks.length * 2);
      larger.set(this.#clocks);
      this.#clocks = larger;
    }
    this.#known[thread * n + thread] = step;
    for (let other = 0; other < n; other++) {
      this.#clocks[index * n + other] = this.#known[thread * n + other]!;
    }
    return index;
  }

  #checkRange(
    base: number,
    at: number,
    thread: number,
    step: number,
    range: number,
    action: number,
  ): void {
    const n = this.#threads;
    const shadow = this.#shadow;
    // Addresses times 32 overflow 32 bits above 64 MiB; what is kept is compared with the same.
    const kept = range | 0;
    const last = shadow[base + 4 * n + 1]!;
    shadow[base + 4 * n + 1] = kept;
    if (last === 0 || last === kept) return;
    for (let other = 0; other < n; other++) {
      if (other === thread) continue;
      const known = this.#known[thread * n + other]!;
      const write = shadow[base + 3 * n + other]!;
      if (write > known) this.#report(at, write, AtomicWrite, step, action);
      const read = shadow[base + 2 * n + other]!;
      if (action === AtomicWrite && read > known) this.#report(at, read, AtomicRead, step, action);
    }
  }

  #report(at: number, earlier: number, first: number, later: number, second: number): void {
    const { describe, rules, sites, siteOf } = this.#options;
    const before = siteOf(earlier);
    const after = siteOf(later);
    const [siteBefore, siteAfter] = [sites[before], sites[after]];
    if (siteBefore !== undefined && siteAfter !== undefined) {
      const rule = rules.find((candidate) => candidate.allows(siteBefore, siteAfter));
      if (rule !== undefined) {
        this.allowed.set(rule.name, (this.allowed.get(rule.name) ?? 0) + 1);
        return;
      }
    }
    const mixed = first >= AtomicRead && second >= AtomicRead ? " of other bytes (mixed)" : "";
    throw new Failure(
      "race",
      `byte ${at}: ${actionNames[second]} by ${describe(after)} is not ordered after the ` +
        `${actionNames[first]}${mixed} by ${describe(before)}`,
    );
  }
}
