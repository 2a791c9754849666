/*
 * Sentinels: how a thread finds out, at once and on any platform, whether another has ended.
 *
 * A thread posts sentinels for each of its participants: promises of `Atomics.waitAsync` that wait at the participant's
 * ticket. Nobody means to wake them. But an engine drops the waits of a thread that ends, and `Atomics.notify` returns
 * how many it woke. So when it wakes one at a ticket, it returns
 *
 *   1  if the thread is still there      0  if it has ended: none of its code runs any more, or ever will
 *
 * This needs no event loop, neither the asker's nor any other. It uses up the sentinel; its thread posts another when
 * it returns to its event loop.
 *
 *   a word for each number:
 *
 *   31          13   12    11      6 5       0
 *   +-------------+------+----------+---------+
 *   | thread      | open | askers   | posted  |
 *   +-------------+------+----------+---------+
 *
 * Invariants
 *   SENTINEL1  While a word is open and its thread lives, at least `posted` sentinels of the thread wait at the ticket:
 *              they are posted before they are counted, and subtracted before they are woken.
 *   SENTINEL2  A word is opened, and old sentinels at the ticket are dismissed, only while `askers` is 0 and the word is
 *              not open. So an asker wakes a sentinel of the thread that it asked about, or none. If it woke none and
 *              the word is still open, the thread has not closed it meanwhile, so it has ended.
 *   SENTINEL3  A word is open from before its participant can hold a lock until after it has given back everything.
 *
 * Limits
 *   - A thread can be asked about only as often as it has sentinels, until it returns to its event loop. So askers wait
 *     longer each time, and leave the last sentinels to those who need something that the thread holds.
 *   - If a thread ends between the first two steps of attaching, nobody notices. It holds nothing but its number.
 *   - If an asker ends in the middle of asking, the word stays unusable: this number has no sentinels from then on.
 *   - A terminated thread has ended only when the engine has finished with it: after its requests to the operating
 *     system are done (a file read, a name lookup), and after its own workers have ended.
 */
import type { WasmMemory } from "@masstree/wasm";
import { lookAgain } from "./retry-recovery.ts";
import { headerWords, sentinelIndex, threadOfTicket, ticketIndex } from "./tickets.ts";

/** Sentinels of each participant. They cost about 50 microseconds and 10 KB. */
const COUNT = 32;

/** How many milliseconds to wait for those who ask about the thread that had the number before. */
const PATIENCE = 20;

const ASKER = 1 << 6;
const OPEN = 1 << 12;
const THREAD = 1 << 13;
const THREAD_BITS = (1 << 19) - 1;

function postedOf(word: number): number {
  return word & (ASKER - 1);
}

function askersOf(word: number): number {
  return word & (OPEN - ASKER);
}

/** Whether one more can be counted among the askers. */
function hasRoom(word: number): boolean {
  return askersOf(word) !== OPEN - ASKER;
}

/** The part of a word that says that it is open for a thread. */
function openFor(thread: number): number {
  return ((thread & THREAD_BITS) * THREAD) | OPEN;
}

function isOpenFor(word: number, thread: number): boolean {
  return (word & -OPEN) === openFor(thread);
}

/** Whether this engine has `Atomics.waitAsync`. */
export function hasSentinels(): boolean {
  return typeof Atomics.waitAsync === "function";
}

/** The sentinels of one participant of this thread. */
export class Sentinels {
  #words: Int32Array | undefined;
  readonly #number: number;
  readonly #thread: number;

  /**
   * Posts sentinels.
   *
   * @param number of a participant that this thread is, or is about to become
   * @param thread what the number's ticket says
   */
  constructor(memory: WasmMemory, number: number, thread: number) {
    this.#words = headerWords(memory);
    this.#number = number;
    this.#thread = thread;
    // Somebody is asking about the thread before, or that thread is leaving. It is over at once, unless they stall.
    for (let tries = 0; tries < PATIENCE; tries++) {
      if (this.#open()) return;
      sleep(1);
    }
    lookAgain(() => this.#open());
  }

  /** Dismisses them, after the participant was detached or given up. */
  dismiss(): void {
    const words = this.#words;
    this.#words = undefined;
    if (words === undefined) return;
    const at = sentinelIndex(this.#number);
    // This thread counts as an asker, so nobody else can post before its sentinels are gone (SENTINEL2).
    const closed = (word: number) =>
      isOpenFor(word, this.#thread) && hasRoom(word) ? askersOf(word) + ASKER : undefined;
    if (change(words, at, closed) === undefined) return;
    Atomics.notify(words, ticketIndex(this.#number));
    Atomics.sub(words, at, ASKER);
  }

  /** Posts them. False if that has to wait; true if it is done, or not needed any more. */
  #open(): boolean {
    const words = this.#words;
    // After the participant was given up, its number may be another's.
    if (words === undefined) return true;
    const ticket = ticketIndex(this.#number);
    if (Atomics.load(words, ticket) !== this.#thread) return true;
    const at = sentinelIndex(this.#number);
    // Old sentinels at the ticket belong to a thread that has closed its word, or has ended.
    if (change(words, at, (word) => (askersOf(word) === 0 ? 0 : undefined)) === undefined) {
      return false;
    }
    Atomics.notify(words, ticket);
    let posted = 0;
    while (posted < COUNT && this.#post(words)) posted++;
    // With an engine that does not count them, everyone would look dead.
    const counts = posted === COUNT && Atomics.notify(words, ticket, 1) === 1;
    if (counts) Atomics.store(words, at, openFor(this.#thread) | (COUNT - 1));
    else this.#words = undefined;
    return true;
  }

  #post(words: Int32Array): boolean {
    const wait = Atomics.waitAsync(words, ticketIndex(this.#number), this.#thread);
    if (wait.async) void wait.value.then(() => this.#postAnother());
    return wait.async;
  }

  /** Replaces those that were woken, if many were, without waiting for the event loop. */
  replenish(): void {
    if (this.#words === undefined) return;
    const word = sentinelWord(this.#words, this.#number);
    if (!isOpenFor(word, this.#thread)) return void this.#open();
    if (postedOf(word) > COUNT / 2) return;
    for (let posted = postedOf(word); posted < COUNT; posted++) this.#postAnother();
  }

  /** Replaces one that was woken. */
  #postAnother(): void {
    const words = this.#words;
    if (words === undefined || !this.#lacksOne(sentinelWord(words, this.#number))) return;
    if (!this.#post(words)) return;
    const counted = (word: number) => (this.#lacksOne(word) ? word + 1 : undefined);
    change(words, sentinelIndex(this.#number), counted);
  }

  #lacksOne(word: number): boolean {
    return isOpenFor(word, this.#thread) && postedOf(word) < COUNT;
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The word of a number. It changes whenever somebody asks. */
export function sentinelWord(words: Int32Array, number: number): number {
  return Atomics.load(words, sentinelIndex(number));
}

/**
 * Asks whether the thread of a participant has ended. Uses up a sentinel.
 *
 * @param leave how many sentinels to leave
 * @returns undefined if nobody can tell: there are no more than those, or none
 */
export function askSentinels(
  words: Int32Array,
  number: number,
  leave: number,
): boolean | undefined {
  const thread = threadOfTicket(words, number);
  if (thread === 0) return undefined;
  const at = sentinelIndex(number);
  const asked = change(words, at, (word) =>
    isOpenFor(word, thread) && postedOf(word) > leave && hasRoom(word)
      ? word - 1 + ASKER
      : undefined,
  );
  if (asked === undefined) return undefined;
  const woken = Atomics.notify(words, ticketIndex(number), 1);
  const word = Atomics.sub(words, at, ASKER);
  if (woken !== 0) return false;
  return isOpenFor(word, thread) ? true : undefined;
}

/** Changes a word in one step. Returns undefined, and changes nothing, if `to` returns undefined for its value. */
function change(
  words: Int32Array,
  at: number,
  to: (word: number) => number | undefined,
): number | undefined {
  let word = Atomics.load(words, at);
  while (true) {
    const changed = to(word);
    if (changed === undefined) return undefined;
    const found = Atomics.compareExchange(words, at, word, changed);
    if (found === word) return changed;
    word = found;
  }
}
