/*
 * Calls into the tree that are broken off.
 *
 * When a thread's stack is full, the engine ends its call into WebAssembly with a RangeError wherever it
 * is: pinned, holding locks, in the middle of a write. The program may catch that and go on, and its
 * thread lives. To the map it is as if the thread had died there: the participant is given up at once, so
 * that others can take over from it (the tree's recover.ts), and the next operation makes a new one
 * (instance.ts). The same goes for any other trap, for whatever the host throws when it is asked, and for
 * a timeout of node:vm, which runs no `catch` and no `finally`: what it broke off, the next operation sees.
 *
 *   call ──> returns                          as if there were no guard
 *        ──> throws ──> participant given up ──┬─> every further call does nothing and returns 0
 *        ──> is terminated ────────────────────┘
 */
import type { TreeExports } from "./tree-exports.ts";

/** A participant of this thread, as long as nothing that it does is broken off. */
export class Life {
  /**
   * Whether a call is under way, or was broken off. In the latter case nobody acts as this participant any
   * more but those who take over from it.
   */
  calling = false;
  /**
   * Whether an operation of several calls is under way, or was broken off between two: from the pin, or the
   * block that is not in the tree yet, to the end of it.
   */
  holding = false;
  /** Whether the participant was given up. Only once, for its number may be another's by the second time. */
  told = false;
  readonly #exports: TreeExports;

  /** @param exports of the instance, unguarded */
  constructor(exports: TreeExports) {
    this.#exports = exports;
    // Does nothing yet but to compile it: when it is needed there is no stack for the compiler.
    exports.abandon();
  }

  /** Whether something was broken off. Not to be asked within an operation. */
  get isOver(): boolean {
    return this.calling || this.holding;
  }

  /** Gives the participant up. Throws when the stack is too full even for that. */
  giveUp(): void {
    this.calling = true;
    if (!this.told) this.#exports.abandon();
    this.told = true;
  }
}

type Call = (a?: number, b?: number, c?: number, d?: number) => number;

/**
 * The same functions, the last of which is one that is broken off: `life` ends with it.
 *
 * @param exports of an instance; what is no function is passed on
 */
export function guard<Exports extends TreeExports>(exports: Exports, life: Life): Exports {
  const guarded = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value === "function" ? guardCall(value as Call, exports, life) : value,
  ]);
  return Object.fromEntries(guarded) as Exports;
}

function guardCall(call: Call, exports: TreeExports, life: Life): Call {
  return (a, b, c, d) => {
    if (life.calling) return 0;
    life.calling = true;
    try {
      const result = call(a, b, c, d);
      life.calling = false;
      return result;
    } catch (error) {
      // From right here: there was stack for `call`, so there is for a smaller function, but for no more.
      try {
        exports.abandon();
        life.told = true;
      } catch {
        // It was broken off before it had begun. The next operation tells it.
      }
      throw error;
    }
  };
}

/**
 * Throws the engine's RangeError unless there is stack for some hundred calls more. For what is done seldom
 * and cannot be given up half-way: to become a participant, and to be one no more.
 */
export function requireStack(calls: number = 400): number {
  return calls === 0 ? 0 : 1 + requireStack(calls - 1);
}
