/*
 * One object's part in a region: an instance of its own, and that instance's participant.
 *
 * When a call is interrupted, the participant is abandoned: others take over the locks that it holds. The
 * next operation becomes another participant and recovers the former one. If that is interrupted as well,
 * the operation after it recovers both.
 */

import { type Life, requireStack } from "./guard.ts";
import { type Abandonable, GuardedInstance } from "./guarded-instance.ts";
import { mayWait } from "./may-wait.ts";

/** What such a module exports: assembly/self.ts of @masstree/memory, and `recover`. */
export interface ParticipantExports extends Abandonable {
  /** Says whether this thread may sleep. */
  setMayWait(allowed: number): void;
  /** Becomes a participant that has this mark. Its descriptor's address, or 0. */
  join(mark: number): number;
  /** The participant's number, 0 for none: also when `join` was interrupted. */
  ownNumber(): number;
  /** Its mark, 0 before it has it. */
  ownMark(): number;
  /** Recovers an abandoned participant, unless that was done. */
  recover(number: number, mark: number): void;
}

/** By these two, nobody takes a participant for a later one with the same number. */
interface Former {
  readonly number: number;
  readonly mark: number;
}

/** See the beginning of this file. */
export class Participation<Exports extends ParticipantExports> {
  /** The descriptor's address. */
  participant = 0;
  /** The participant's number. */
  number = 0;
  readonly #instance: GuardedInstance<Exports>;
  readonly #refusal: (exports: Exports) => Error;
  readonly #interrupted: () => void;
  /** Abandoned, and not recovered yet. */
  #formers: Former[] = [];

  /**
   * @param instantiate makes an instance, whose exports include no participant yet
   * @param refusal why `join` returned 0
   * @param interrupted called before another participant is made
   */
  constructor(
    instantiate: () => Exports,
    refusal: (exports: Exports) => Error,
    interrupted: () => void = () => {},
  ) {
    requireStack();
    this.#refusal = refusal;
    this.#interrupted = interrupted;
    this.#instance = new GuardedInstance(instantiate);
    this.#join();
  }

  /** The guarded exports of the present instance. */
  get exports(): Exports {
    return this.#instance.exports;
  }

  get life(): Life {
    return this.#instance.life;
  }

  /**
   * The exports to call next: the first step of every operation. Look up `participant` after it.
   *
   * @throws what `refusal` returns, when a call was interrupted and there is no room for another
   *   participant. The next operation tries again.
   */
  open(): Exports {
    if (this.#instance.life.isOver) this.#rejoin();
    return this.#instance.exports;
  }

  /**
   * The same, to end the participation: undefined if there is nothing to end, for a call was interrupted
   * and there is no room for the participant that could recover the former one. That stays abandoned.
   */
  openToLeave(): Exports | undefined {
    requireStack();
    try {
      return this.open();
    } catch {
      return undefined;
    }
  }

  #rejoin(): void {
    requireStack();
    this.#interrupted();
    const { unguarded } = this.#instance;
    const number = unguarded.ownNumber();
    if (number !== 0) this.#formers.push({ number, mark: unguarded.ownMark() });
    this.#instance.replace();
    this.#join();
  }

  /** Whatever interrupts this, `life` is over then, and the next operation rejoins. */
  #join(): void {
    const { exports, life } = this.#instance;
    life.holding = true;
    exports.setMayWait(mayWait() ? 1 : 0);
    this.participant = exports.join(newMark()) >>> 0;
    if (this.participant === 0) throw this.#refusal(exports);
    this.number = exports.ownNumber();
    for (const { number, mark } of this.#formers) exports.recover(number, mark);
    this.#formers = [];
    life.holding = false;
  }
}

/** 1 to 2^30 - 2, so that it could be the number of a thread. */
function newMark(): number {
  return 1 + Math.floor(Math.random() * (2 ** 30 - 2));
}
