// One thread's part in each step of the job. Writers and readers start together, at the barrier. Every
// answer of the map is checked within the timed loop.

import { arrangeInput, prefixRange, type SharedInput } from "../keys/order.ts";
import { KeyTable } from "../keys/packed.ts";
import type { OrderedMap, Subject } from "../maps/contract.ts";
import { loadSubject } from "../maps/registry.ts";
import { below, type Random, randomFrom } from "../random.ts";
import { Board } from "../threads/board.ts";
import { now, type Timed } from "../threads/clock.ts";
import { heapBytes } from "../threads/heap.ts";
import { Checker, type Known } from "./checker.ts";
import { Expectation, type Span } from "./expectation.ts";
import { cut, prefixCases } from "./prefixes.ts";

export interface StepsData {
  readonly input: SharedInput;
  readonly subject: string;
  readonly thread: number;
  readonly threads: number;
  readonly board: SharedArrayBuffer;
  /** Whether to warm up first, because the speed of the steps will be shown. */
  readonly timed: boolean;
  /** The shared map to attach. Without it, the thread creates its own map. */
  readonly handle?: unknown;
}

/** A writer publishes its progress, on which readers rely, once per this many operations. */
const PUBLISHED_EVERY = 16;
/** A reader checks at most this many entries of a prefix. */
const WATCHED_ENTRIES = 500;

const WARM_KEYS = 2000;
const WARM_ROUNDS = 10;
const WARM_PREFIXES = 5;

export class Steps {
  readonly #subject: Subject;
  readonly #known: Known;
  readonly #board: Board;
  readonly #thread: number;
  readonly #random: Random;
  readonly #map: OrderedMap;
  readonly #heapBefore: number;
  readonly #emptyLive: number;

  static async open(data: StepsData): Promise<Steps> {
    const subject = await loadSubject(data.subject);
    if (data.timed) Steps.#warm(subject, data.input);
    return new Steps(subject, data);
  }

  /** Runs all steps alone over a few keys, so that the engine compiles them before any is timed. */
  static #warm(subject: Subject, input: SharedInput): void {
    const count = Math.min(input.keys.count, WARM_KEYS);
    const steps = new Steps(subject, {
      input: arrangeInput({ ...input.keys, count }, input.seed),
      subject: "",
      thread: 0,
      threads: 1,
      board: new Board(1).buffer,
      timed: false,
    });
    for (let round = 0; round < WARM_ROUNDS; round++) {
      steps.write({ writing: "insert", from: 0, to: count, writers: 1 }, 1);
      steps.find(0, 1);
      steps.walk(0, 1);
      steps.prefixes(0, 1, WARM_PREFIXES);
      steps.write({ writing: "remove", from: 0, to: count, writers: 1 }, 1);
    }
    steps.close();
  }

  private constructor(subject: Subject, data: StepsData) {
    const { keys, order, position, sorted, seed } = data.input;
    this.#subject = subject;
    this.#thread = data.thread;
    this.#random = randomFrom(seed, data.thread + 1);
    this.#board = new Board(data.threads, data.board);
    this.#known = { keys: new KeyTable(keys), order, position, sorted };
    this.#heapBefore = data.handle === undefined ? heapBytes() : 0;
    this.#known.keys.warm();
    this.#map =
      data.handle === undefined ? subject.create(keys.ascii) : subject.shared!.attach(data.handle);
    this.#emptyLive = subject.shared?.settle(this.#map).live ?? 0;
  }

  /** Answers once the map is ready. */
  ready(): void {}

  /** Writes this thread's share of a span. `meeting` threads start together. */
  write(span: Span, meeting: number): Timed {
    const { keys, order } = this.#known;
    const { from, to, writers, writing } = span;
    const map = this.#map;
    const checker = this.#checker(writing === "insert" ? "set" : "delete");
    this.#board.meet(meeting);
    const start = now();
    let done = 0;
    for (let position = from + this.#thread; position < to; position += writers) {
      const i = order[position]!;
      if (writing === "insert") {
        map.set(keys.text(i), this.#subject.value(i, keys.byteLength(i)));
      } else if (!map.delete(keys.text(i))) {
        checker.fail(`delete(${JSON.stringify(keys.text(i))}) found nothing to delete`);
      }
      if (++done % PUBLISHED_EVERY === 0) this.#board.publish(this.#thread, done);
    }
    this.#board.publish(this.#thread, done);
    this.#board.finish();
    return { start, end: now(), operations: done };
  }

  /** Reads by key and by prefix what the writers of a span have done so far, until they finish. */
  watch(span: Span, meeting: number): Timed {
    const { keys, order, sorted } = this.#known;
    const board = this.#board;
    const checker = this.#checker(
      span.writing === "insert" ? "read during set" : "read during delete",
    );
    board.meet(meeting);
    const start = now();
    let operations = 0;
    while (board.finished() < span.writers) {
      for (let reads = 0; reads < 64; reads++, operations++) {
        const position = below(this.#random, order.length);
        const i = order[position]!;
        const certainty = Expectation.now(span, board).of(position);
        checker.found(i, this.#map.get(keys.text(i)), certainty);
      }
      const prefix = cut(keys.text(order[below(this.#random, order.length)]!), this.#random);
      const { from, to } = prefixRange(keys, sorted, Buffer.from(prefix));
      const reverse = (this.#random() & 1) === 1;
      const selected = sorted.subarray(from, to);
      operations += checker.scan(
        `entries(${JSON.stringify({ prefix, reverse })})`,
        this.#limited({ prefix, reverse }),
        reverse ? backwards(selected) : selected,
        Expectation.now(span, board),
        WATCHED_ENTRIES,
      );
      board.publish(this.#thread, operations);
    }
    return { start, end: now(), operations };
  }

  /** Gets every key. Keys from position `first` on must be there, the others must not. */
  find(first: number, meeting: number): Timed {
    const { keys, order, position } = this.#known;
    const expected = Expectation.quiet(first);
    const checker = this.#checker("get");
    this.#board.meet(meeting);
    const start = now();
    // Threads start at different keys, so that they do not walk through the tree in step.
    const offset = Math.floor((order.length * this.#thread) / meeting);
    for (let n = 0; n < order.length; n++) {
      const i = order[(n + offset) % order.length]!;
      checker.found(i, this.#map.get(keys.text(i)), expected.of(position[i]!));
      if (n % 1024 === 0) this.#board.publish(this.#thread, n);
    }
    return { start, end: now(), operations: order.length };
  }

  /** Scans the whole map in both directions. */
  walk(first: number, meeting: number): Timed {
    const present = this.#present(first);
    const checker = this.#checker("full scan");
    const expected = Expectation.quiet(first);
    checker.equal("size", this.#map.size, present.length);
    this.#board.meet(meeting);
    const start = now();
    let operations = checker.scan("entries()", this.#map.entries(), present, expected);
    this.#board.publish(this.#thread, operations);
    operations += checker.scan(
      "entries({ reverse: true })",
      this.#map.entries({ reverse: true }),
      backwards(present),
      expected,
    );
    return { start, end: now(), operations };
  }

  /** Scans many prefixes, in both directions, with and without bounds and limits. */
  prefixes(first: number, meeting: number, most?: number): Timed {
    const checker = this.#checker("prefix scan");
    const expected = Expectation.quiet(first);
    const cases = prefixCases(this.#known.keys, this.#present(first), this.#random, most);
    this.#board.meet(meeting);
    const start = now();
    let operations = 0;
    for (const { prefix, selected } of cases) {
      const middle = selected.length >>> 1;
      const gte = selected.length > 0 ? this.#known.keys.text(selected[middle]!) : prefix;
      for (const [range, wanted] of [
        [{ prefix }, selected],
        [{ prefix, reverse: true }, backwards(selected)],
        [{ prefix, limit: 10 }, selected.subarray(0, 10)],
        [{ prefix, gte }, selected.subarray(middle)],
        [{ prefix, gte, reverse: true, limit: 10 }, backwards(selected.subarray(middle), 10)],
      ] as const) {
        const what = `entries(${JSON.stringify(range)})`;
        operations += checker.scan(what, this.#map.entries(range), wanted, expected);
      }
      this.#board.publish(this.#thread, operations);
    }
    return { start, end: now(), operations };
  }

  size(): number {
    return this.#map.size;
  }

  /** Frees what this thread retired. */
  settle(): void {
    this.#subject.shared?.settle(this.#map);
  }

  /** Bytes that this thread's own map takes. For a map on the heap, this includes its keys. */
  occupied(): number {
    if (this.#subject.shared !== undefined) {
      return this.#subject.shared.settle(this.#map).live - this.#emptyLive;
    }
    const { keys } = this.#known;
    // The strings belong to the map; the array that keeps them belongs to the job.
    return heapBytes() - this.#heapBefore - (keys.keepsStrings ? keys.count * 8 : 0);
  }

  close(): void {
    this.#map.close?.();
  }

  #present(first: number): Uint32Array {
    const { sorted, position } = this.#known;
    return first === 0 ? sorted : sorted.filter((i) => position[i]! >= first);
  }

  *#limited(range: { prefix: string; reverse: boolean }): Generator<readonly [string, unknown]> {
    let left = WATCHED_ENTRIES;
    for (const entry of this.#map.entries(range)) {
      yield entry;
      // Leave the scan in the middle, as users do. The iterator has to release what it holds.
      if (--left === 0) return;
    }
  }

  #checker(step: string): Checker {
    return new Checker(
      this.#known,
      this.#subject,
      `${this.#subject.name}, ${step}, thread ${this.#thread}`,
    );
  }
}

function* backwards(numbers: Uint32Array, limit = numbers.length): Generator<number> {
  for (let n = numbers.length - 1; n >= 0 && numbers.length - 1 - n < limit; n--) yield numbers[n]!;
}
