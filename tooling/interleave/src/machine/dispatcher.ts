// Who goes on: the states of the threads, and the one place that asks the scheduler.
//
// Invariants
// 1. The scheduler is asked exactly once before each step, unless it was asked when the thread was
//    resumed (`committed`) or when only this thread can go on. So a schedule replays: every choice
//    depends on earlier ones alone, and (thread, its steps so far) names a choice uniquely.
// 2. A bit in `ready` says that the thread can take its next step; every thread is in at most one of
//    ready, waiting, spinning, blocked.
import { Failure } from "../failure.ts";
import type { Crash, Decision } from "../schedule.ts";
import { defaultChoice, lowest, type Scheduler, type Situation } from "../schedulers/scheduler.ts";
import type { ThreadProgram } from "./program.ts";
import type { SpinDetector } from "./spin.ts";
import { type LogicalThread, Status } from "./thread.ts";
import type { Trace } from "./trace.ts";

export interface DispatcherOptions {
  readonly threads: readonly LogicalThread[];
  readonly spins: readonly SpinDetector[];
  readonly trace: Trace;
  /** Waits that may time out although someone else could go on, in one schedule. */
  readonly earlyTimeouts: number;
  /** Whether waits time out when nobody can go on. */
  readonly lateTimeouts: boolean;
  /** Told that `thread` begins after `other` has ended. */
  onJoin(thread: number, other: number): void;
}

export class Dispatcher implements Situation {
  /** The thread that goes on after the present one has stopped; -1 when all have ended. */
  next = -1;
  decisions: Decision[] = [];
  contended = true;
  waiting = 0;

  readonly #options: DispatcherOptions;
  readonly #threads: readonly LogicalThread[];
  #scheduler: Scheduler | undefined;
  #programs: readonly ThreadProgram[] = [];
  #ready = 0;
  #spinning = 0;
  #blocked = 0;
  #timeoutsLeft = 0;
  // Whether waking the spinners is of use: not when nothing was written since the last time.
  #writes = 0;
  #writesAtLastRelease = -1;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#threads = options.threads;
  }

  get clock(): number {
    return this.#options.trace.clock;
  }

  stepsOf(thread: number): number {
    return this.#threads[thread]!.steps;
  }

  begin(programs: readonly ThreadProgram[], scheduler: Scheduler, crashes: readonly Crash[]): void {
    this.#programs = programs;
    this.#scheduler = scheduler;
    this.decisions = [];
    this.waiting = 0;
    this.#ready = 0;
    this.#spinning = 0;
    this.#blocked = 0;
    this.#timeoutsLeft = this.#options.earlyTimeouts;
    this.#writes = 0;
    this.#writesAtLastRelease = -1;
    for (const [id, { operations, after = [] }] of programs.entries()) {
      const thread = this.#threads[id]!;
      if (operations.length === 0) {
        thread.status = Status.Done;
      } else if (after.length > 0) {
        thread.status = Status.Blocked;
        this.#blocked |= thread.bit;
      } else {
        this.#ready |= thread.bit;
      }
    }
    for (const { thread, step } of crashes) this.#threads[thread]!.crashAt = step;
    this.#unblock();
    scheduler.begin(programs.length);
  }

  /** The thread has no more to do, or is dead. */
  end(thread: LogicalThread, status: Status): void {
    thread.status = status;
    this.#ready &= ~thread.bit;
    this.#unblock();
  }

  /** The next thread when `current` cannot go on; -1 when all have ended. */
  chooseForced(current: number): number {
    if (this.#ready === 0) this.#release();
    if (this.#ready === 0) return -1;
    const next = this.#choose(current, true);
    this.#threads[next]!.committed = true;
    return next;
  }

  /**
   * Before a step: whether the thread stops here, and `next` goes on. `spins` says that the step would
   * only repeat what the thread saw before.
   */
  stops(thread: LogicalThread, spins: boolean): boolean {
    if (thread.crashAt >= 0 && thread.steps >= thread.crashAt) {
      this.end(thread, Status.Dead);
      this.#suspend(thread, this.chooseForced(thread.id));
      return true;
    }
    const { committed } = thread;
    thread.committed = false;
    if (spins) {
      thread.status = Status.Spinning;
      this.#ready &= ~thread.bit;
      this.#spinning |= thread.bit;
      return this.#passOn(thread);
    }
    if (committed) return false;
    const alone = this.#ready === thread.bit && (this.waiting === 0 || this.#timeoutsLeft === 0);
    if (alone) return false;
    const next = this.#choose(thread.id, false);
    if (next === thread.id) return false;
    this.#suspend(thread, next);
    return true;
  }

  /** Which of the older values the present step of a thread reads; 0 for the last value. */
  read(id: number, alternatives: number): number {
    const step = this.#threads[id]!.steps - 1;
    const stale = this.#scheduler!.read(id, step, alternatives);
    if (stale > 0) this.decisions.push({ thread: id, step, stale });
    return stale;
  }

  /** The thread waits at an address. Whether it stops: not when it is alone, and times out at once. */
  wait(thread: LogicalThread, address: number, mayTimeOut: boolean): boolean {
    thread.status = Status.Waiting;
    thread.waitAddress = address;
    thread.woken = false;
    this.#ready &= ~thread.bit;
    if (mayTimeOut) this.waiting |= thread.bit;
    return this.#passOn(thread);
  }

  /** The thread's last step wakes up to `count` threads that wait at an address: which ones, the scheduler chooses. */
  notify({ id, steps }: LogicalThread, address: number, count: number): number {
    let sleepers = 0;
    for (const { bit, status, waitAddress } of this.#threads) {
      if (status === Status.Waiting && waitAddress === address) sleepers |= bit;
    }
    const step = steps - 1;
    let woken = 0;
    for (; sleepers !== 0 && woken < count; woken++) {
      const first = lowest(sleepers);
      const only = sleepers === 1 << first;
      const next = only ? first : this.#scheduler!.wake(id, step, sleepers);
      const bit = 1 << next;
      if ((sleepers & bit) === 0)
        throw new Error(`the scheduler woke thread ${next}, which is awake`);
      if (next !== first) this.decisions.push({ thread: id, step, wakes: next });
      this.#wake(this.#threads[next]!, 0);
      sleepers &= ~bit;
    }
    if (woken > 0) this.#writes++;
    return woken;
  }

  /** Bytes were written: whoever spins on them goes on. */
  wrote(writer: LogicalThread, address: number, width: number): void {
    this.#writes++;
    if (this.#spinning === 0) return;
    for (const thread of this.#threads) {
      if (thread.status !== Status.Spinning || thread === writer) continue;
      if (this.#options.spins[thread.id]!.concerns(address, width)) this.#stopSpinning(thread);
    }
  }

  #choose(current: number, forced: boolean): number {
    const waiting = this.waiting;
    if (this.#timeoutsLeft === 0) this.waiting = 0;
    const candidates = this.#ready | this.waiting;
    const next = this.#scheduler!.choose(current, this.#ready, forced, this);
    this.waiting = waiting;
    const bit = 1 << next;
    if ((candidates & bit) === 0) {
      throw new Error(`the scheduler chose thread ${next}, which cannot go on`);
    }
    if (next !== defaultChoice(current, this.#ready, forced)) {
      const step = current < 0 ? 0 : this.#threads[current]!.steps;
      this.decisions.push({ thread: current, step, next });
    }
    if ((this.#ready & bit) === 0) {
      this.#timeoutsLeft--;
      this.#wake(this.#threads[next]!, 2);
    }
    return next;
  }

  /** The thread cannot go on now: another does. False when it turns out that it can after all. */
  #passOn(thread: LogicalThread): boolean {
    const next = this.chooseForced(thread.id);
    if (next === thread.id) {
      thread.committed = false;
      return false;
    }
    this.#suspend(thread, next);
    return true;
  }

  #suspend(thread: LogicalThread, next: number): void {
    this.next = next;
    if (next >= 0) this.#threads[next]!.committed = true;
    thread.suspend();
  }

  // Nobody is ready: those who spin get another round; when that changed nothing the last time,
  // those who wait with a timeout time out.
  #release(): void {
    const stuck = this.#writesAtLastRelease === this.#writes;
    this.#writesAtLastRelease = this.#writes;
    if (this.#spinning !== 0) {
      for (const thread of this.#threads) {
        if (thread.status === Status.Spinning) this.#stopSpinning(thread);
      }
      if (!stuck) return;
    }
    for (const thread of this.#threads) {
      if (this.#options.lateTimeouts && (this.waiting & thread.bit) !== 0) this.#wake(thread, 2);
    }
    if (this.#ready === 0 && this.#threads.some(({ status }) => status === Status.Waiting)) {
      throw new Failure("deadlock", "every thread that has not ended waits to be notified");
    }
  }

  #stopSpinning(thread: LogicalThread): void {
    this.#options.spins[thread.id]!.forgive();
    thread.status = Status.Ready;
    this.#spinning &= ~thread.bit;
    this.#ready |= thread.bit;
  }

  #wake(thread: LogicalThread, result: number): void {
    thread.status = Status.Ready;
    thread.waitResult = result;
    thread.woken = true;
    this.waiting &= ~thread.bit;
    this.#ready |= thread.bit;
  }

  #unblock(): void {
    if (this.#blocked === 0) return;
    for (const [id, { after = [] }] of this.#programs.entries()) {
      const thread = this.#threads[id]!;
      if (thread.status !== Status.Blocked) continue;
      if (!after.every((other) => this.#threads[other]!.status >= Status.Done)) continue;
      thread.status = Status.Ready;
      this.#blocked &= ~thread.bit;
      this.#ready |= thread.bit;
      for (const other of after) this.#options.onJoin(id, other);
    }
  }
}
