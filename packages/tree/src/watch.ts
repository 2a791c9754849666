/*
 * Watching for changes: what one watcher of one thread has heard. The protocol is in assembly/changes.ts; waiting.ts
 * wakes the watcher.
 *
 * A watcher has a place in the ring of each participant: how far it has read. A participant that it does not know yet
 * has told nothing before, so its place is 0.
 *
 * Invariants
 *   WATCHER1  Writers know of the watch before its places are taken. So a change that is told before its place is one
 *             that the caller of `watch` sees in the map.
 *   WATCHER2  A look may be interrupted at any call, as by a timeout of node:vm. Then keys may be lost of which the
 *             place has moved on. So a look that was begun and has not ended counts as missed.
 *   WATCHER3  Who writes is asked for a signal only once nothing is new: a signal costs the writer more than its write. And
 *             after an answer, not before PAUSE has passed. So whoever writes all the time signals about once in PAUSE,
 *             and those who watch get more at once.
 *   WATCHER4  No code of the caller runs while rings are read: the keys are copied, and decoded once the step is
 *             settled (WAITING1, WAITING2).
 */
import type { KeyCodec } from "@masstree/key";
import { now } from "./clock.ts";
import {
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  OVERTAKEN,
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_START_INCLUSIVE,
  WORD_OUT,
} from "./exports.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import { type Bounds, compare } from "./range.ts";
import type { AbortSignalLike } from "./wait-options.ts";
import { type Wait, Waiting } from "./waiting.ts";

/** What `watch` gives: which keys may have changed since it last gave something. */
export interface Changes<K extends KeyType = string> {
  /** The keys, each once, in the order of the range. Some may not have changed after all. */
  readonly keys: K[];
  /** Whether other keys of the range may have changed as well. Read the range again. */
  readonly missed: boolean;
}

/** How many steps in a row are answered at once, before other jobs of the thread have their turn. */
const TURNS = 4;

/** WATCHER3, in milliseconds: the shortest time that engines have. In it, a ring does not go round at full speed. */
const PAUSE = 1;

/** A call of `next` that has not been answered yet. */
interface Step<K extends KeyType> extends Wait {
  /** Answers it: with changes, or, without, with the end of the iteration. */
  give(changes?: Changes<K>): void;
  fail(reason: unknown): void;
}

/** Ends watches that nobody refers to, so that they cost writers nothing. Engines without one end them with the map. */
const forgotten: FinalizationRegistry<{ end(): void }> | undefined =
  typeof FinalizationRegistry === "function"
    ? new FinalizationRegistry((watcher) => watcher.end())
    : undefined;

/**
 * Begins to watch. The map is open, and the range and the signal are checked.
 *
 * @internal
 */
export function watch<K extends KeyType>(
  tree: TreeInstance,
  codec: KeyCodec<K>,
  bounds: Bounds,
  signal: AbortSignalLike | undefined,
): AsyncIterableIterator<Changes<K>> {
  const watcher = new Watcher(tree, codec, bounds, signal);
  const iterator: AsyncIterableIterator<Changes<K>> = {
    next: () => watcher.next(),
    return: async () => {
      watcher.end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  forgotten?.register(iterator, watcher);
  return iterator;
}

/** What an iterator of `watch` works on. Does not refer to it. */
class Watcher<K extends KeyType> {
  readonly #tree: TreeInstance;
  readonly #codec: KeyCodec<K>;
  readonly #waiting: Waiting;
  readonly #bounds: Bounds;
  readonly #flags: number;
  readonly #signal: AbortSignalLike | undefined;
  readonly #steps = new Set<Step<K>>();
  /** By participant number. */
  readonly #places: number[] = [];
  #missedCount = 0;
  #lapses = 0;
  /** WATCHER2. */
  #isLooking = false;
  /** How many steps in a row were answered at once. */
  #inARow = 0;
  /** Whether anything had been told when it last looked, of its range or not. */
  #hasHeard = false;
  /** When a step was last answered. */
  #lastAnswer = Number.NEGATIVE_INFINITY;
  #isOver = false;
  /** Why it is over, if nobody has been told. */
  #failure: { readonly reason: unknown } | undefined;

  constructor(
    tree: TreeInstance,
    codec: KeyCodec<K>,
    bounds: Bounds,
    signal: AbortSignalLike | undefined,
  ) {
    const { lower, lowerInclusive, upper, upperInclusive } = bounds;
    this.#tree = tree;
    this.#codec = codec;
    this.#waiting = Waiting.of(tree);
    this.#bounds = bounds;
    this.#flags =
      (lower === undefined ? 0 : SCAN_HAS_START) |
      (lowerInclusive ? SCAN_START_INCLUSIVE : 0) |
      (upper === undefined ? 0 : SCAN_HAS_END) |
      (upperInclusive ? SCAN_END_INCLUSIVE : 0);
    this.#signal = signal;
    this.#waiting.beginWatch(); // WATCHER1
    try {
      this.#lapses = this.#waiting.lapses;
      const { exports } = tree;
      this.#missedCount = exports.missedChanges();
      const last = exports.participants();
      for (let number = 1; number <= last; number++) this.#places[number] = exports.toldBy(number);
      if (signal?.aborted) this.#abort();
      else signal?.addEventListener("abort", this.#abort);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  next(): Promise<IteratorResult<Changes<K>>> {
    return new Promise((resolve, reject) => {
      const step: Step<K> = {
        look: () => this.#look(step),
        reject: (reason) => this.#fail(reason),
        give: (changes) =>
          resolve(changes ? { done: false, value: changes } : { done: true, value: undefined }),
        fail: reject,
      };
      if (this.#isOver) {
        this.#refuse(step);
        return;
      }
      this.#steps.add(step);
      if (this.#inARow < TURNS && this.#answer(step)) {
        this.#inARow++;
        return;
      }
      this.#inARow = 0;
      // WATCHER3; and nobody else in this thread would have a turn.
      if (this.#hasHeard || now() - this.#lastAnswer < PAUSE) this.#beginLater(step);
      else this.#begin(step);
    });
  }

  /** Ends the watch. Steps that are not answered get the end of the iteration. Does nothing the second time. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#waiting.endWatch();
    for (const step of this.#steps) {
      if (this.#settle(step)) step.give();
    }
  }

  #refuse(step: Step<K>): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure === undefined) step.give();
    else step.fail(failure.reason);
  }

  readonly #abort = (): void => this.#fail(this.#signal!.reason);

  /** Ends the watch with an error, of which the first step is told. */
  #fail(reason: unknown): void {
    if (this.#isOver) return;
    const [first] = this.#steps;
    if (first === undefined) this.#failure = { reason };
    else if (this.#settle(first)) first.fail(reason);
    this.end();
  }

  #beginLater(step: Step<K>): void {
    setTimeout(() => this.#begin(step), PAUSE);
  }

  #begin(step: Step<K>): void {
    if (!this.#steps.has(step)) return;
    try {
      this.#waiting.join(step);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** False if it is answered already. */
  #settle(step: Step<K>): boolean {
    this.#waiting.leave(step);
    return this.#steps.delete(step);
  }

  /** Of a step that was woken, or is about to sleep. */
  #look(step: Step<K>): void {
    if (this.#answer(step)) return;
    if (this.#hasHeard) {
      // WATCHER3: others write all the time, though nothing that this is about.
      this.#waiting.leave(step);
      this.#beginLater(step);
    } else {
      this.#answer(step, true);
    }
  }

  /**
   * Answers a step if anything is new. True if the step needs nothing more, for it was answered, or has failed.
   *
   * @param isLast whether the thread sleeps if nothing is: whoever writes is to signal
   */
  #answer(step: Step<K>, isLast = false): boolean {
    try {
      const found = this.#read(isLast);
      if (found === undefined) return false;
      if (!this.#settle(step)) return true;
      this.#lastAnswer = now();
      const { keys, missed } = found;
      try {
        step.give({ keys: keys.map((key) => this.#codec.decode(key, 0, key.length)), missed });
      } catch (error) {
        step.fail(error);
        this.end();
      }
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  /** What is new; undefined if nothing is. `isLast` as for `#answer`. */
  #read(isLast: boolean): { keys: Uint8Array[]; missed: boolean } | undefined {
    const tree = this.#tree;
    this.#waiting.tell();
    const { exports, key, bound } = tree;
    if (isLast) exports.expectSleep();
    const lapses = this.#waiting.lapses;
    const missedCount = exports.missedChanges();
    let missed = this.#isLooking || lapses !== this.#lapses || missedCount !== this.#missedCount;
    this.#isLooking = true; // WATCHER2
    const { lower, upper, reverse, limit } = this.#bounds;
    if (lower !== undefined) key.set(lower);
    if (upper !== undefined) bound.set(upper);
    const keys: Uint8Array[] = [];
    this.#hasHeard = missed;
    const last = exports.participants();
    for (let number = 1; number <= last; number++) {
      if (!this.#readOf(number, keys)) missed = true;
    }
    this.#lapses = lapses;
    this.#missedCount = missedCount;
    this.#isLooking = false;
    // Bounds that contradict each other: no key is between them.
    if (limit === 0 || (keys.length === 0 && !missed)) return undefined;
    keys.sort(reverse ? (a, b) => compare(b, a) : compare);
    const isFirst = (key: Uint8Array, at: number) => at === 0 || compare(key, keys[at - 1]!) !== 0;
    return { keys: keys.filter(isFirst), missed };
  }

  /** Adds what a participant has told since the last time. False if some of it is lost. */
  #readOf(number: number, keys: Uint8Array[]): boolean {
    const { exports, result } = this.#tree;
    const { lower, upper } = this.#bounds;
    const place = this.#places[number] ?? 0;
    const startLength = lower?.length ?? 0;
    const endLength = upper?.length ?? 0;
    const next = exports.readChanges(number, place, startLength, endLength, this.#flags);
    this.#places[number] = next;
    if (next === place) return true;
    this.#hasHeard = true;
    const { u32, bytes } = result;
    const count = u32[WORD_OUT / 4]!;
    if (count === OVERTAKEN) return false;
    let entry = ENTRIES;
    for (let left = count; left > 0; left--) {
      const start = entry + ENTRY_KEY;
      keys.push(bytes.slice(start, start + u32[entry / 4]!));
      entry += u32[(entry + ENTRY_BYTES) / 4]!;
    }
    return true;
  }
}
