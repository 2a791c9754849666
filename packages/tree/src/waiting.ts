/*
 * Waiting for keys, and for changes: what one map object of one thread waits for. The protocol is in
 * assembly/events.ts; watch.ts has what is particular to watching.
 *
 * A key belongs to one of a few events. All waits for keys of one event share one sleep: whoever wakes it, each of
 * them looks at its key again. So a thread may have thousands of waits, and sleeps at most once for each event.
 *
 * EVENT2 is kept here: first the event is waited for (`hold`), then its count is read, then keys are looked at, then
 * the thread sleeps while the count is the same. A wait that comes while the event sleeps already needs only look: a
 * write that its look misses wakes the sleep.
 *
 * Who would wake us may have died before it could. Whoever recovers it signals all events (EVENT4). If nobody else
 * does, because all sleep, we do: every second, a thread that waits looks for threads that have ended.
 *
 * Invariants
 *   WAITING1  No code of the caller runs in a call into the tree: its function gets a value that was copied and
 *             decoded. It may use the map, wait for more, or close it. So everything is looked up again after it.
 *   WAITING2  A wait leaves `waits` before its promise is settled, and is settled once.
 *   WAITING3  The participant may be another one after any call (session.ts). Then what is waited for is told to
 *             writers again, before the count is read. What they did in between, nobody has heard of.
 */
import {
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeTimeoutError,
  MassTreeUnsupportedError,
} from "@masstree/errors";
import { mayWait } from "@masstree/wasm";
import { now } from "./clock.ts";
import { EVENT_COUNT, type TreeExports, WATCH_EVENT } from "./exports.ts";
import type { TreeInstance } from "./instance.ts";
import type { WaitOptions } from "./wait-options.ts";

/** Milliseconds after which a thread that waits looks for threads that have ended. */
const LOOK_AFTER = 1000;

/** Milliseconds after which a thread looks at its events, if it cannot be woken: without `Atomics.waitAsync`. */
const POLL_AFTER = 4;

/** How often in a row an event is served whose count changes meanwhile, before others have their turn. */
const TURNS = 4;

/** The longest time that a timer takes. */
const LONGEST = 2 ** 31 - 1;

/** A key that is waited for. */
export interface Wanted<V> {
  /** Its event. Writes the key. */
  event(): number;
  /** Its value in its stored form; undefined if there is none. Writes the key. */
  fetch(): unknown;
  /** The value of a stored form. May run code of the caller. */
  decode(stored: unknown): V;
}

type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
  timeout: number,
) => { async: false } | { async: true; value: Promise<unknown> };

/** Undefined where the engine lacks it. Looked up each time: a test may take it away. */
function waitAsync(): WaitAsync | undefined {
  return (Atomics as unknown as { waitAsync?: WaitAsync }).waitAsync;
}

/** One call of `waitFor`, or one step of a watcher. */
export interface Wait {
  /** Looks at the key, or for changes, and settles the promise if it is as wanted. May run code of the caller. */
  look(): void;
  reject(reason: unknown): void;
}

/** An event that somebody waits for. */
interface KeyEvent {
  readonly number: number;
  readonly waits: Set<Wait>;
  /** How many calls of `waitForSync` are in progress, or how many watchers there are. */
  holders: number;
  /** The count before keys were last looked at. */
  seen: number;
  /** Whether a wake-up comes without anybody's doing anything: a sleep, or the rest of a turn. */
  isDue: boolean;
  /** Whether its waits are being looked at. */
  isServed: boolean;
}

/** What a map object waits for. */
export class Waiting {
  readonly #tree: TreeInstance;
  readonly #events = new Map<number, KeyEvent>();
  /** The exports of the participant whose waits writers know of (WAITING3). */
  #exports: TreeExports | undefined;
  #lapses = 0;
  #words: Int32Array | undefined;
  /** Runs as long as there is a promise to settle, and so keeps the process alive. */
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastLook = 0;

  private constructor(tree: TreeInstance) {
    this.#tree = tree;
  }

  /** That of a map object. */
  static of(tree: TreeInstance): Waiting {
    tree.waiting ??= new Waiting(tree);
    return tree.waiting;
  }

  /** As `OrderedMap.waitFor`. The map is open, and the options are checked. */
  async waitFor<V>(wanted: Wanted<V>, { until, timeout, signal }: WaitOptions<V>): Promise<V> {
    if (signal?.aborted) throw signal.reason;
    const event = this.#hold(wanted.event());
    return await new Promise<V>((resolve, reject) => {
      const deadline = now() + (timeout ?? Number.POSITIVE_INFINITY);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (): boolean => {
        if (!event.waits.delete(wait)) return false; // WAITING2
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#release(event);
        return true;
      };
      const fail = (reason: unknown) => {
        if (end()) reject(reason);
      };
      const abort = () => fail(signal!.reason);
      const tick = () => {
        const left = deadline - now();
        if (left <= 0) fail(tooLate(timeout!));
        else timer = setTimeout(tick, Math.min(Math.ceil(left), LONGEST));
      };
      const wait: Wait = {
        look: () => {
          try {
            const stored = wanted.fetch();
            if (stored === undefined) return;
            const value = wanted.decode(stored);
            if (until !== undefined && !says(until(value))) return;
            if (end()) resolve(value);
          } catch (error) {
            fail(error);
          }
        },
        reject: fail,
      };
      signal?.addEventListener("abort", abort);
      this.#add(event, wait);
      // Only now: with a time of 0, the key is looked at once.
      if (timeout === 0) fail(tooLate(0));
      else if (event.waits.has(wait) && deadline !== Number.POSITIVE_INFINITY) tick();
    });
  }

  /** As `OrderedMap.waitForSync`. The map is open, and the options are checked. */
  waitForSync<V>(wanted: Wanted<V>, { until, timeout }: WaitOptions<V>): V | undefined {
    if (!mayWait()) {
      throw new MassTreeUnsupportedError(
        "This thread may not sleep, as the main thread of a browser may not. Use 'waitFor' here, or 'waitForSync' in a worker.",
      );
    }
    const tree = this.#tree;
    const deadline = now() + (timeout ?? Number.POSITIVE_INFINITY);
    const event = this.#hold(wanted.event());
    event.holders++;
    try {
      while (true) {
        this.tell();
        const seen = tree.exports.eventCount(event.number); // EVENT2
        const stored = wanted.fetch();
        if (stored !== undefined) {
          const value = wanted.decode(stored);
          if (until === undefined || says(until(value))) return value;
        }
        tree.checkOpen(); // WAITING1
        const left = deadline - now();
        if (left <= 0) return undefined;
        const limit = Math.ceil(Math.min(left, LOOK_AFTER));
        const isOver = tree.exports.sleepOnEvent(event.number, seen, limit) !== 0;
        if (isOver && limit === LOOK_AFTER) tree.lookForEnded();
      }
    } finally {
      event.holders--;
      this.#release(event);
    }
  }

  /** From now on, until `endWatch`, writers tell of their changes. The map is open. */
  beginWatch(): void {
    this.#hold(WATCH_EVENT).holders++;
  }

  /** Ends that. */
  endWatch(): void {
    const event = this.#events.get(WATCH_EVENT);
    if (event === undefined) return;
    event.holders--;
    this.#release(event);
  }

  /**
   * Has a watcher look now, and again whenever a change was told, until it calls `leave`.
   *
   * @throws as `checkOpen` of the tree
   */
  join(wait: Wait): void {
    this.#add(this.#hold(WATCH_EVENT), wait);
  }

  /** The watcher has been settled, or does not wait any more. False if it did not wait. */
  leave(wait: Wait): boolean {
    const event = this.#events.get(WATCH_EVENT);
    if (!event?.waits.delete(wait)) return false; // WAITING2
    this.#release(event);
    return true;
  }

  /** How often writers have not known what this map object waits for (WAITING3). */
  get lapses(): number {
    return this.#lapses;
  }

  #add(event: KeyEvent, wait: Wait): void {
    event.waits.add(wait);
    this.#keepAwake();
    if (event.isDue || event.isServed) wait.look();
    else this.#serve(event);
  }

  /** Rejects every promise: the map was closed. */
  closed(): void {
    this.#rejectAll(new MassTreeClosedError("This map was closed in this thread while it waited."));
  }

  #rejectAll(reason: unknown): void {
    for (const event of [...this.#events.values()]) {
      for (const wait of [...event.waits]) wait.reject(reason);
    }
  }

  /** From now on writers signal an event. It ends with `#release`, when nobody waits for the event any more. */
  #hold(number: number): KeyEvent {
    this.tell();
    const known = this.#events.get(number);
    if (known !== undefined) return known;
    const event = {
      number,
      waits: new Set<Wait>(),
      holders: 0,
      seen: 0,
      isDue: false,
      isServed: false,
    };
    this.#tree.exports.beginWait(number);
    this.#events.set(number, event);
    return event;
  }

  /** WAITING3: writers know what is waited for. Throws as `checkOpen` of the tree. */
  tell(): void {
    const tree = this.#tree;
    tree.checkOpen();
    const { exports } = tree;
    if (this.#exports === exports) return;
    this.#exports = exports;
    for (const number of this.#events.keys()) exports.beginWait(number);
    this.#lapses++;
  }

  #release(event: KeyEvent): void {
    const { number, waits, holders } = event;
    if (waits.size > 0) return;
    if (holders === 0 && this.#events.get(number) === event) {
      this.#events.delete(number);
      // The participant may be given back, or lost, and its waits with it.
      const { closed, exports } = this.#tree;
      if (!closed && this.#exports === exports) exports.endWait(number);
    }
    this.#keepAwake();
  }

  /** Looks at the keys of an event, and sleeps. */
  #serve(event: KeyEvent): void {
    event.isServed = true;
    try {
      for (let turn = 0; turn < TURNS; turn++) {
        if (this.#events.get(event.number) !== event || event.waits.size === 0) return;
        this.tell();
        event.seen = this.#count(event); // EVENT2
        for (const wait of event.waits) wait.look();
        if (event.waits.size === 0) return;
        if (event.isDue || this.#sleep(event)) return;
      }
      // Others write so often that nobody else in this thread would have a turn.
      this.#later(event, new Promise((resolve) => setTimeout(resolve, 0)));
    } catch (error) {
      // There is no room for another participant: nothing in this map works any more.
      this.#rejectAll(error);
    } finally {
      event.isServed = false;
    }
  }

  /** Sleeps until an event is signalled. False if it has been since its count was read. */
  #sleep(event: KeyEvent): boolean {
    const sleep = waitAsync();
    if (sleep === undefined) return this.#count(event) === event.seen; // `#look` looks.
    // With a limit, so that the engine lets go of what nobody waits for any more.
    const result = sleep.call(Atomics, this.#counts(), event.number, event.seen, LOOK_AFTER);
    if (result.async) this.#later(event, result.value);
    return result.async;
  }

  #later(event: KeyEvent, awake: Promise<unknown>): void {
    event.isDue = true;
    void awake.then(() => {
      event.isDue = false;
      this.#serve(event);
    });
  }

  /** The counts of all events. They never move. */
  #counts(): Int32Array {
    const { exports, all } = this.#tree;
    this.#words ??= new Int32Array(all.bytes.buffer, exports.eventCounts() >>> 0, EVENT_COUNT);
    return this.#words;
  }

  #count(event: KeyEvent): number {
    return Atomics.load(this.#counts(), event.number);
  }

  /** Starts the timer when the first promise is made, and stops it when the last is settled. */
  #keepAwake(): void {
    const isNeeded = [...this.#events.values()].some(({ waits }) => waits.size > 0);
    if (isNeeded && this.#timer === undefined) {
      const pause = waitAsync() === undefined ? POLL_AFTER : LOOK_AFTER;
      this.#lastLook = now();
      this.#timer = setInterval(() => this.#look(), pause);
    } else if (!isNeeded) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Looks for threads that have ended, and at events that were signalled without waking this thread. */
  #look(): void {
    try {
      if (now() - this.#lastLook >= LOOK_AFTER / 2) {
        this.#lastLook = now();
        this.#tree.lookForEnded();
        this.tell();
      }
      for (const event of [...this.#events.values()]) {
        if (this.#count(event) !== event.seen) this.#serve(event);
      }
    } catch (error) {
      this.#rejectAll(error);
    }
  }
}

function tooLate(timeout: number): MassTreeTimeoutError {
  return new MassTreeTimeoutError(
    `The key had no such value within the 'timeout' of ${timeout} ms.`,
  );
}

/** What `until` says. A promise would be taken for yes. */
function says(answer: unknown): boolean {
  if (typeof (answer as PromiseLike<unknown> | null | undefined)?.then === "function") {
    throw new MassTreeBadOptionError(
      "The option 'until' must return whether the value is as wanted, at once. It returned a promise: is it an async function?",
    );
  }
  return Boolean(answer);
}
