/*
 * What this thread reads, and so keeps from being used again (FREE1 of space.ts): transactions, and states that are held
 * for snapshots. The region knows it by the thread's participant (assembly/reading.ts); this is what to say again if
 * that becomes another one.
 */
import { StoreTooLargeError } from "./errors.ts";
import { SNAPSHOT_NAME } from "./generated/store-exports.ts";
import type { State } from "./meta.ts";
import type { PageMemory } from "./page-memory.ts";
import type { SharedStates } from "./shared-states.ts";

/** A state whose pages are kept until `drop`. */
export interface Hold {
  readonly state: State;
  readonly name: string | undefined;
  /** When it was made, in milliseconds since 1970. */
  readonly since: number;
  /** Whether its pages may have been used again: a call of this thread was interrupted, and others came first. */
  readonly isLost: boolean;
}

interface OwnHold extends Hold {
  isLost: boolean;
  /** What the module calls it. */
  id: number;
}

export class Reads {
  readonly #memory: PageMemory;
  readonly #states: SharedStates;
  readonly #holds = new Set<OwnHold>();
  /** How many transactions of this thread read, within each other, and the commit of the outermost one's state. */
  #depth = 0;
  #commit = 0;
  #isLost = false;

  constructor(memory: PageMemory, states: SharedStates) {
    this.#memory = memory;
    this.#states = states;
    memory.onRejoin = () => this.#sayAgain();
  }

  /** Begins to read the newest state: its pages stay until `end`. Such transactions may be within each other. */
  begin(): State {
    const isOutermost = this.#depth === 0;
    const state = isOutermost ? this.#states.beginRead() : this.#states.read();
    if (isOutermost) {
      this.#commit = state.commit;
      this.#isLost = false;
    }
    this.#depth++;
    return state;
  }

  end(): void {
    this.#depth--;
    if (this.#depth === 0) this.#states.endRead();
  }

  /** Whether pages of what the transactions read may have been used again: see Hold. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Keeps the pages of the newest state until `drop`.
   *
   * @throws StoreTooLargeError (`STORE_TOO_LARGE`) if there is no memory to say so
   */
  hold(name: string | undefined): Hold {
    const state = this.begin();
    try {
      const hold: OwnHold = { state, name, since: Date.now(), isLost: false, id: 0 };
      hold.id = this.#add(hold);
      if (hold.id === 0) throw new StoreTooLargeError("There is no memory for another snapshot.");
      this.#holds.add(hold);
      return hold;
    } finally {
      this.end();
    }
  }

  #add({ state, name, since }: Hold): number {
    const { exports, key } = this.#memory.open();
    const bytes = new Uint8Array(SNAPSHOT_NAME);
    const { written } = new TextEncoder().encodeInto(name ?? "", bytes);
    key.set(bytes.subarray(0, written));
    return exports.addSnapshot(state.commit, since, written);
  }

  /** Ends a hold. Returns false if it had ended. */
  drop(hold: Hold): boolean {
    const own = hold as OwnHold;
    if (!this.#holds.delete(own)) return false;
    const { exports } = this.#memory.open();
    if (!own.isLost) exports.dropSnapshot(own.id);
    return true;
  }

  /** Says again what this thread reads: its participant is another one, because a call was interrupted. */
  #sayAgain(): void {
    const { exports } = this.#memory.open();
    if (this.#depth > 0 && exports.readAgain(this.#commit) === 0) this.#isLost = true;
    for (const hold of this.#holds) {
      hold.id = this.#add(hold);
      if (hold.id === 0 || exports.isStateWhole(hold.state.commit) === 0) hold.isLost = true;
    }
  }
}
