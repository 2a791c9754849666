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
 *   31           8    7         6    5      0    15     14        0
 *   +-------------+---------+------+---------+   +------+----------+
 *   | thread      | leaving | open | posted  |   | void | number   |   0: none
 *   +-------------+---------+------+---------+   +------+----------+
 *
 * Invariants
 *   SENTINEL1  While a word is open and its thread lives, at least `posted` sentinels of the thread wait at the ticket:
 *              they are posted before they are counted, and subtracted before they are woken.
 *   SENTINEL2  Whoever asks says so in ASKING first, and then looks whether the word is open for the thread that it
 *              means. Whoever posts closes the word first, and then voids all questions about the number, before it drops
 *              old sentinels. So an asker that woke none, and whose question still stands, asked about a thread that
 *              has ended. An asker whose question is void may still wake one; so one more is posted for each, uncounted.
 *   SENTINEL3  A word is open from before its participant can hold a lock until after it has given back everything. At
 *              no moment in between could the thread end unnoticed.
 *   SENTINEL4  What a number asks is its own thread's business. If that ends in the middle, or is interrupted there, it
 *              is forgotten when it asks again, or before the number is given back, by itself or by a recovery.
 *   SENTINEL5  A thread wakes sentinels at its own ticket only while the number is its own. Once it has given the number
 *              back, or up, the next one's may wait there. So a few stay behind, which the next one drops. An ended
 *              thread's are gone.
 *
 * Limits
 *   - A thread can be asked about only as often as it has sentinels, until it returns to its event loop. So askers wait
 *     longer each time, and leave the last sentinels to those who need something that the thread holds.
 *   - If a thread ends between the first two steps of attaching, nobody notices. It holds nothing but its number.
 *   - A terminated thread has ended only when the engine has finished with it: after its requests to the operating
 *     system are done (a file read, a name lookup), and after its own workers have ended.
 */
import type { WasmMemory } from "@masstree/wasm";
import { askingOf, headerWords, sentinelIndex, ticketIndex } from "./tickets.ts";

/** Sentinels of each participant. */
const COUNT = 32;

/** How many are left to a thread that is about to give its number back, and stay behind. */
const KEPT = 4;

const OPEN = 1 << 6;
/** The thread is about to give its number back: the last sentinels are for everyone, and no more are posted. */
const LEAVING = 1 << 7;
const THREAD_SHIFT = 8;
/** In ASKING: another thread has the number by now, or had. */
const VOID = 1 << 15;

function postedOf(word: number): number {
  return word & (OPEN - 1);
}

/** The part of a word that says that it is open for a thread. */
function openFor(thread: number): number {
  return (thread << THREAD_SHIFT) | OPEN;
}

function isOpenFor(word: number, thread: number): boolean {
  return (word & -OPEN & ~LEAVING) === openFor(thread);
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
    this.#open();
  }

  /** Wakes all but a few, just before the participant is detached. */
  leave(): void {
    const words = this.#words;
    if (words === undefined) return;
    let surplus = 0;
    const leaving = (word: number) => {
      if (!isOpenFor(word, this.#thread)) return undefined;
      surplus = Math.max(0, postedOf(word) - KEPT);
      return (word - surplus) | LEAVING;
    };
    if (change(words, sentinelIndex(this.#number), leaving) === undefined) return;
    if (surplus !== 0) Atomics.notify(words, ticketIndex(this.#number), surplus); // SENTINEL5
  }

  /** Closes the word, after the participant was detached. */
  dismiss(): void {
    if (this.#words === undefined) return;
    const closed = (word: number) => (isOpenFor(word, this.#thread) ? 0 : undefined);
    change(this.#words, sentinelIndex(this.#number), closed);
    this.#words = undefined;
  }

  /**
   * Leaves the word as it is, after the participant was given up: its number may be another's by now, perhaps another
   * participant's of this thread.
   */
  forget(): void {
    this.#words = undefined;
  }

  /** Posts them, unless the number is this participant's no more. */
  #open(): void {
    const words = this.#words;
    // After the participant was given up, its number may be another's.
    if (words === undefined) return;
    const ticket = ticketIndex(this.#number);
    if (Atomics.load(words, ticket) !== this.#thread) return;
    const at = sentinelIndex(this.#number);
    Atomics.store(words, at, 0);
    const needed = COUNT + voidQuestions(words, this.#number); // SENTINEL2
    // Those that stayed behind when the number was given back, or up.
    Atomics.notify(words, ticket);
    let posted = 0;
    while (posted < needed && this.#post(words)) posted++;
    // With an engine that does not count them, everyone would look dead.
    const counts = posted === needed && Atomics.notify(words, ticket, 1) === 1;
    if (counts) Atomics.store(words, at, openFor(this.#thread) | (COUNT - 1));
    else this.#words = undefined;
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
    if (!isOpenFor(word, this.#thread)) {
      this.#open();
      return;
    }
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
    const isHere = isOpenFor(word, this.#thread) && (word & LEAVING) === 0;
    return isHere && postedOf(word) < COUNT;
  }
}

/** The word of a number. It changes whenever somebody asks. */
export function sentinelWord(words: Int32Array, number: number): number {
  return Atomics.load(words, sentinelIndex(number));
}

/** Voids the questions about a number. Returns how many are under way, those that were void before included. */
function voidQuestions(words: Int32Array, number: number): number {
  const asking = askingOf(words);
  let count = 0;
  for (let index = 0; index < asking.length; index++) {
    const question = Atomics.load(asking, index);
    if (question === (number | VOID)) count++;
    else if (question === number) {
      // If that fails, it is answered.
      if (Atomics.compareExchange(asking, index, number, number | VOID) === number) count++;
    }
  }
  return count;
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
  const stands = Atomics.exchange(asking, self - 1, 0) === number;
  return answer === true && !stands ? undefined : answer;
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
    isOpenFor(word, thread) && postedOf(word) > ((word & LEAVING) !== 0 ? 0 : leave)
      ? word - 1
      : undefined,
  );
  if (asked === undefined) return undefined;
  return Atomics.notify(words, ticketIndex(number), 1) === 0;
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
