import { guard, Life, requireStack } from "./guard.ts";

/** What a module exports whose calls are guarded. */
export interface Abandonable {
  /** Tells others that a call was interrupted: see `Life`. */
  abandon(): void;
}

/** An instance of a module that is replaced once one of its calls was interrupted. */
export class GuardedInstance<Exports extends Abandonable> {
  /** Its exports, guarded. */
  exports!: Exports;
  /** The same exports without a guard: for what an interrupted instance still knows. */
  unguarded!: Exports;
  life!: Life;
  readonly #instantiate: () => Exports;

  /** @param instantiate makes an instance; called again for each that replaces one */
  constructor(instantiate: () => Exports) {
    this.#instantiate = instantiate;
    this.#make();
  }

  /** The exports to call next: the first step of every operation. */
  open(): Exports {
    if (this.life.isOver) this.replace();
    return this.exports;
  }

  /** Tells others that this instance is over, and makes another. */
  replace(): void {
    requireStack();
    this.life.giveUp();
    this.#make();
  }

  #make(): void {
    const unguarded = this.#instantiate();
    const life = new Life(unguarded.abandon);
    this.exports = guard(unguarded, life);
    this.unguarded = unguarded;
    this.life = life;
  }
}
