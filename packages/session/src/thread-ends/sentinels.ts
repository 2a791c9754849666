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
 *   a word for each number, SENTINELS:           and which number it asks about, ASKING:
 *
 *   31           8    7         6    5      0    15                0
 *   +-------------+---------+------+---------+   +-----------------+
 *   | thread      | closing | open | posted  |   | number          |   0: none
 *   +-------------+---------+------+---------+   +-----------------+
 *
 * Invariants
 *   SENTINEL1  While a word is open and its thread lives, at least `posted` sentinels of the thread wait at the ticket:
 *              they are posted before they are counted, and subtracted before they are woken.
 *   SENTINEL2  Whoever asks says so in ASKING first, and then looks whether the word is open. Whoever posts closes the
 *              word for the thread before it, and then looks whether anyone is asking. A thread that closes its word has
 *              the word say so until it has dismissed its sentinels. So an asker wakes a sentinel of the thread that it
 *              asked about, or none. If it woke none and the word is still open, the thread has not closed it meanwhile,
 *              so it has ended.
 *   SENTINEL3  A word is open from before its participant can hold a lock until after it has given back everything.
 *   SENTINEL4  What a number asks is its own thread's business. If that ends in the middle, or is interrupted there, it
 *              is forgotten when it asks again, or before the number is given back, by itself or by a recovery.
 *
 * Limits
 *   - A thread can be asked about only as often as it has sentinels, until it returns to its event loop. So askers wait
 *     longer each time, and leave the last sentinels to those who need something that the thread holds.
 *   - If a thread ends between the first two steps of attaching, nobody notices. It holds nothing but its number.
 *   - If a thread is ended in the moment between closing its word and dismissing its sentinels, the word stays unusable:
 *     this number has no sentinels from then on.
 *   - A terminated thread has ended only when the engine has finished with it: after its requests to the operating
 *     system are done (a file read, a name lookup), and after its own workers have ended.
 */
import type { WasmMemory } from "@masstree/wasm";
import { lookAgain } from "./retry-recovery.ts";
import { sleep } from "./sleep.ts";
import { askingOf, headerWords, sentinelIndex, ticketIndex } from "./tickets.ts";

/** Sentinels of each participant. They cost about 50 microseconds and 10 KB. */
const COUNT = 32;

/** How many milliseconds to wait for those who ask about the thread that had the number before. */
const PATIENCE = 20;

const OPEN = 1 << 6;
const CLOSING = 1 << 7;
const THREAD_SHIFT = 8;

function postedOf(word: number): number {
  return word & (OPEN - 1);
}

/** The part of a word that says that it is open for a thread. */
function openFor(thread: number): number {
  return (thread << THREAD_SHIFT) | OPEN;
}

function isOpenFor(word: number, thread: number): boolean {
  return (word & -OPEN) === openFor(thread);
}

/** The word of a number whose thread is closing it. */
function closingFor(thread: number): number {
  return (thread << THREAD_SHIFT) | CLOSING;
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

  /** Dismisses them, after the participant was detached or given up. Can be repeated if it was interrupted. */
  dismiss(): void {
    const words = this.#words;
    if (words === undefined) return;
    const at = sentinelIndex(this.#number);
    // Nobody else can post before its sentinels are gone (SENTINEL2).
    const closing = closingFor(this.#thread);
    const isMine = (word: number) => isOpenFor(word, this.#thread) || word === closing;
    if (change(words, at, (word) => (isMine(word) ? closing : undefined)) !== undefined) {
      Atomics.notify(words, ticketIndex(this.#number));
      Atomics.compareExchange(words, at, closing, 0);
    }
    this.#words = undefined;
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
    if (change(words, at, (word) => ((word & CLOSING) === 0 ? 0 : undefined)) === undefined) {
      return false;
    }
    if (isAskedAbout(words, this.#number)) return false;
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

/** The word of a number. It changes whenever somebody asks. */
export function sentinelWord(words: Int32Array, number: number): number {
  return Atomics.load(words, sentinelIndex(number));
}

/** Whether anyone is asking about a number. */
function isAskedAbout(words: Int32Array, number: number): boolean {
  const asking = askingOf(words);
  return asking.some((_, index) => Atomics.load(asking, index) === number);
}

/**
 * Asks whether the thread of a participant has ended. Uses up a sentinel.
 *
 * @param self the number of the participant or visitor that asks
 * @param leave how many sentinels to leave
 * @param thread which one is meant: what the number's ticket says, or said; 0 for none
 * @returns undefined if nobody can tell: there are no more than those, or none
 */
export function askSentinels(
  words: Int32Array,
  number: number,
  self: number,
  leave: number,
  thread: number,
): boolean | undefined {
  const asking = askingOf(words);
  Atomics.store(asking, self - 1, number);
  const answer = answerOf(words, number, leave, thread);
  Atomics.store(asking, self - 1, 0);
  return answer;
}

/** What `askSentinels` returns, which has said that it asks. No word is open for thread 0. */
function answerOf(
  words: Int32Array,
  number: number,
  leave: number,
  thread: number,
): boolean | undefined {
  const at = sentinelIndex(number);
  const asked = change(words, at, (word) =>
    isOpenFor(word, thread) && postedOf(word) > leave ? word - 1 : undefined,
  );
  if (asked === undefined) return undefined;
  if (Atomics.notify(words, ticketIndex(number), 1) !== 0) return false;
  return isOpenFor(Atomics.load(words, at), thread) ? true : undefined;
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
