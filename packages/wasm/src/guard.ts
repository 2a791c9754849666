/*
 * Calls into WebAssembly that are interrupted.
 *
 * When a thread's stack is full, the engine ends its call with a RangeError wherever it is: pinned, holding
 * locks, in the middle of a write. The program may catch that and go on, and its thread lives. To a shared
 * structure it is as if the thread had died there: it is abandoned at once, so that other threads can
 * recover what it left, and the next operation starts anew. The same goes for any other trap, for whatever
 * the host throws when it is asked, and for a timeout of node:vm, which runs no `catch` and no `finally`:
 * the next operation sees what it interrupted.
 *
 *   call ──> returns                 as if there were no guard
 *        ──> throws ──> abandoned ──┬─> every further call does nothing and returns 0
 *        ──> is terminated ─────────┘
 *
 * After a timeout nothing runs that could tell anybody. So the next guarded call of the thread does so, of
 * whatever object it is: it might have to wait for a lock that the interrupted call holds, and to everybody
 * that lock's holder lives.
 *
 * Invariant
 *   GUARD1  Guarded calls do not nest: what a guarded module imports makes none. So at the beginning of a call
 *           of this thread no other is under way: one that has not returned was interrupted.
 */

/** Whose call is under way in this thread, or was interrupted and others have not been told. */
let underWay: Life | undefined;

/** Whether one thread's use of a structure goes on: until one of its calls is interrupted. */
export class Life {
  /** Whether a call is under way, or was interrupted. Then no further call may be made. */
  calling = false;
  /**
   * Whether an operation of several calls is under way, or was interrupted between two: set from its first
   * call, or the block that nothing leads to yet, to its end.
   */
  holding = false;
  /** Whether it was abandoned. Only once: what `abandon` names may be another's by the second time. */
  abandoned = false;
  /** Tells the other threads. */
  readonly abandon: () => void;

  /**
   * Ends what a timeout has interrupted in this thread, so that what follows does not wait for it.
   *
   * @param abandon tells the other threads that they may recover what this one leaves. Best an export of the
   *   instance itself, for there is hardly any stack when it is called. It is called once at first, when it
   *   must do nothing.
   */
  constructor(abandon: () => void) {
    giveUpInterrupted();
    this.abandon = abandon;
    // Only to compile it: when it is needed there is no stack for the compiler.
    abandon();
  }

  /** Whether something was interrupted. Not to be asked within an operation. */
  get isOver(): boolean {
    return this.calling || this.holding;
  }

  /** Ends it in good order, after the thread's use of the structure was given back: no further call does anything. */
  end(): void {
    this.calling = true;
    this.abandoned = true;
  }

  /** Abandons it, unless that was done. Throws when the stack is too full even for that. */
  giveUp(): void {
    this.calling = true;
    if (!this.abandoned) this.abandon();
    this.abandoned = true;
    if (underWay === this) underWay = undefined;
  }
}

/** Tells others of the call that a timeout has interrupted, if there is one (GUARD1). */
function giveUpInterrupted(): void {
  underWay?.giveUp();
}

type Call = (...args: (number | bigint)[]) => number | bigint | undefined;

/** How many parameters a guarded function may have: the build refuses modules that export one with more. */
const MAX_PARAMETERS = 6;

/**
 * The exports of an instance, guarded: the first call that is interrupted is the last, and `life` ends with
 * it. Non-functions pass through.
 *
 * @param exports of an instance
 * @throws TypeError when a function has more than MAX_PARAMETERS parameters
 */
export function guard<Exports extends object>(exports: Exports, life: Life): Exports {
  const guarded = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value === "function" ? guardCall(name, value as Call, life) : value,
  ]);
  return Object.fromEntries(guarded) as Exports;
}

function guardCall(name: string, call: Call, life: Life): Call {
  if (call.length > MAX_PARAMETERS) {
    throw new TypeError(
      `'${name}' has ${call.length} parameters, and a guarded call passes ${MAX_PARAMETERS}.`,
    );
  }
  const { abandon } = life;
  return (a, b, c, d, e, f) => {
    if (life.calling) return 0;
    if (underWay !== undefined) giveUpInterrupted();
    underWay = life;
    life.calling = true;
    try {
      const result = call(a!, b!, c!, d!, e!, f!);
      life.calling = false;
      underWay = undefined;
      return result;
    } catch (error) {
      // From right here: there was stack for `call`, so there is for a smaller function, but for no more.
      try {
        abandon();
        life.abandoned = true;
        underWay = undefined;
      } catch {
        // It was interrupted before it had begun. The next call of this thread tells them.
      }
      throw error;
    }
  };
}

/**
 * Throws the engine's RangeError unless there is stack for some hundred calls more. For what is done seldom
 * and cannot be given up half-way: to begin to use a structure, and to end it.
 */
export function requireStack(calls: number = 400): number {
  return calls === 0 ? 0 : 1 + requireStack(calls - 1);
}
