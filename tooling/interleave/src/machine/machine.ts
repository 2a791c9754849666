// Runs a program's threads, one step at a time, in the order that a scheduler chooses.
//
// Invariants
// 1. Between two steps of the schedule no code of the core runs but the running thread's, up to its
//    next step: so what is checked at a step, right before its access, is the memory that the access
//    will see.
// 2. A step is: ask the dispatcher whether to stop, note the step, have its effects checked. Nothing
//    else decides (dispatcher.ts) and nothing else checks (effects.ts).
//    An older value that a read is to return (weak-memory.ts) is there from the step to the next one only.
// 3. Whatever the threads write is told to the region, so that the next schedule starts alike.
import { BlockChecker, type BlockHook } from "../checkers/blocks.ts";
import { RaceChecker } from "../checkers/race.ts";
import type { RaceRule } from "../checkers/rules.ts";
import type { Core } from "../core.ts";
import { Failure } from "../failure.ts";
import type { Crash } from "../schedule.ts";
import type { Scheduler } from "../schedulers/scheduler.ts";
import { isWriting, Kind } from "../wasm/access.ts";
import { Contention } from "./contention.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Effects } from "./effects.ts";
import type { CallRecord, Operation, Run, ThreadProgram } from "./program.ts";
import { Region } from "./region.ts";
import { SpinDetector } from "./spin.ts";
import { type Host, LogicalThread, Status } from "./thread.ts";
import { Trace } from "./trace.ts";
import { WeakMemory } from "./weak-memory.ts";

// See effects.ts.
const { PlainLoad, AtomicLoad } = Kind;

export interface MachineOptions {
  /** Threads that run at once, 1 to 15. One more instance, the observer, is for setup and checks. */
  readonly threads: number;
  /** Size of the memory in pages of 64 KiB, at first and at most. */
  readonly initialPages: number;
  readonly limitPages: number;
  /** A schedule that takes more steps makes no progress. */
  readonly maxSteps?: number;
  /** Rounds of a spin loop before it is left alone; see SpinDetector. */
  readonly spinLimit?: number;
  /** Waits that time out although someone else could go on, at most, in a schedule. */
  readonly earlyTimeouts?: number;
  /**
   * When a wait with a timeout times out. `allowed`, the default: early, which the scheduler chooses, or because nobody
   * else can go on. `early`: only the former, so that a forgotten sleeper is a deadlock. `never`: likewise, and
   * nobody is early.
   */
  readonly timeouts?: "allowed" | "early" | "never";
  /** Exceptions for the race checker; `false` turns it off. */
  readonly races?: readonly RaceRule[] | false;
  /** What the watched functions of the core mean, in their order; without it blocks are not checked. */
  readonly blocks?: readonly BlockHook[];
}

export class Machine implements Host {
  readonly core: Core;
  readonly region: Region;
  readonly threads: readonly LogicalThread[];
  readonly observer: LogicalThread;
  readonly blocks: BlockChecker | undefined;
  readonly races: RaceChecker | undefined;
  /** Words that two threads touched, one of them writing, in any schedule so far. */
  readonly contention: Contention;

  readonly #maxSteps: number;
  readonly #timeouts: boolean;
  readonly #spins: readonly SpinDetector[];
  readonly #trace = new Trace();
  readonly #dispatcher: Dispatcher;
  readonly #effects: Effects;
  // Once asked for; and for the present schedule.
  #playedMemory: WeakMemory | undefined;
  #weak: WeakMemory | undefined;
  #scheduled = false;
  #history: CallRecord[] = [];
  #programs: readonly ThreadProgram[] = [];

  constructor(core: Core, options: MachineOptions) {
    const { threads, initialPages, limitPages, blocks, races = [] } = options;
    if (!(threads >= 1 && threads <= 15)) throw new Error(`${threads} threads`);
    this.core = core;
    this.#maxSteps = options.maxSteps ?? 100_000;
    this.#timeouts = options.timeouts !== "never";
    this.region = new Region(initialPages, limitPages, threads + 1);
    const all = Array.from(
      { length: threads + 1 },
      (_, id) => new LogicalThread(id, core, this.region, this),
    );
    this.threads = all.slice(0, threads);
    this.observer = all[threads]!;
    const bytes = this.region.limit;
    this.contention = new Contention(bytes);
    const spinLimit = options.spinLimit ?? 3;
    this.#spins = all.map(() => new SpinDetector(spinLimit, core.sites.length));
    this.blocks = blocks === undefined ? undefined : new BlockChecker(blocks, bytes, threads + 1);
    const { sites, describe } = core;
    const siteOf = (step: number): number => this.#trace.siteOf(step);
    this.races =
      races === false
        ? undefined
        : new RaceChecker({ threads, bytes, rules: races, sites, describe, siteOf });
    this.#effects = new Effects({
      core,
      region: this.region,
      spins: this.#spins,
      contention: this.contention,
      blocks: this.blocks,
      races: this.races,
    });
    this.#dispatcher = new Dispatcher({
      threads: this.threads,
      spins: this.#spins,
      trace: this.#trace,
      earlyTimeouts: options.earlyTimeouts ?? 1,
      lateTimeouts: options.timeouts !== "early",
      onJoin: (thread, other) => {
        this.races?.join(thread, other, this.#trace.clock);
        this.#weak?.join(thread, other, this.#trace.clock);
      },
    });
  }

  /** Calls an export outside any schedule, for setup and for checks. */
  call(thread: LogicalThread, name: string, ...args: (number | bigint)[]): number | bigint {
    if (this.#scheduled) throw new Error("a schedule is under way");
    return thread.run(thread.function(name), args) ?? 0;
  }

  /** Makes the present state of memory and threads the one that every schedule begins with. */
  save(): void {
    this.region.save();
    this.blocks?.save();
    for (const thread of this.threads) thread.saveGlobals();
    this.observer.saveGlobals();
  }

  /** Back to the state that was saved. */
  restore(): void {
    this.region.restore();
    this.blocks?.restore();
    for (const thread of this.threads) thread.reset();
    this.observer.reset();
  }

  /** Reads that could have returned another value than the last, in all schedules with stale reads. */
  get choices(): number {
    return this.#playedMemory?.choices ?? 0;
  }

  /** Restores the saved state and runs `programs` from there. Up to `stale` reads return an older value. */
  run(
    programs: readonly ThreadProgram[],
    scheduler: Scheduler,
    crashes: readonly Crash[] = [],
    stale = 0,
  ): Run {
    if (programs.length > this.threads.length) throw new Error("more programs than threads");
    this.restore();
    this.#effects.begin(this.#trace.clock);
    this.#trace.reset();
    this.#programs = programs;
    this.#history = [];
    this.#weak = stale > 0 ? this.#weakMemory() : undefined;
    this.#weak?.begin(stale);
    this.#dispatcher.begin(programs, scheduler, crashes);
    this.#scheduled = true;
    let failure: Failure | undefined;
    try {
      this.#loop();
    } catch (error) {
      failure = this.#failureOf(error);
    }
    this.#weak?.settle();
    this.#scheduled = false;
    return {
      failure,
      steps: this.#trace.clock,
      decisions: this.#dispatcher.decisions,
      history: this.#history,
      threadSteps: programs.map((_, id) => this.threads[id]!.steps),
    };
  }

  /** The steps of the last schedule, from number `from` on, one line each. */
  trace(from = 1): Generator<string> {
    return this.#trace.lines(this.core, from, (step) => this.#weak?.noteOf(step));
  }

  /** Tells of each step of the last schedule, in order. */
  visitSteps(
    visitor: (clock: number, thread: number, site: number, address: number) => void,
  ): void {
    this.#trace.visit(visitor);
  }

  /** Which of its own steps a thread may have changed memory with, in the last schedule. */
  writingSteps(thread: number): number[] {
    const { sites } = this.core;
    return [...this.#trace.localSteps(thread, (site) => isWriting(sites[site]!.kind))];
  }

  /** Whether the thread was stopped for good in the last schedule. */
  isDead(thread: number): boolean {
    return this.threads[thread]!.status === Status.Dead;
  }

  #loop(): void {
    const dispatcher = this.#dispatcher;
    let current = dispatcher.chooseForced(-1);
    while (current >= 0) {
      const thread = this.threads[current]!;
      const { operations } = this.#programs[current]!;
      if (!thread.suspended) {
        thread.operation++;
        thread.callStamp = -1;
        this.#spins[current]!.reset();
        this.#outside(() => operations[thread.operation]!.before?.(this, current));
      }
      const operation = operations[thread.operation]!;
      const result = thread.run(thread.function(operation.call), operation.args ?? []);
      this.#weak?.settle();
      if (thread.suspended) {
        current = dispatcher.next;
        continue;
      }
      this.#returned(thread, operation, result);
      if (thread.operation + 1 < operations.length) continue;
      dispatcher.end(thread, Status.Done);
      current = dispatcher.chooseForced(current);
    }
  }

  #weakMemory(): WeakMemory {
    this.#playedMemory ??= new WeakMemory({
      threads: this.threads.length,
      region: this.region,
      choose: (thread, alternatives) => this.#dispatcher.read(thread, alternatives),
    });
    return this.#playedMemory;
  }

  #recordCall(thread: LogicalThread): void {
    thread.callStamp = this.#history.length;
    this.#history.push({
      thread: thread.id,
      operation: this.#programs[thread.id]!.operations[thread.operation]!,
      called: this.#trace.clock,
      returned: Number.POSITIVE_INFINITY,
      result: undefined,
    });
  }

  #returned(
    thread: LogicalThread,
    operation: Operation,
    result: number | bigint | undefined,
  ): void {
    if (thread.callStamp < 0) this.#recordCall(thread);
    const record = this.#history[thread.callStamp]!;
    record.returned = this.#trace.clock;
    record.result = operation.after
      ? this.#outside(() => operation.after!(this, result, thread.id))
      : result;
  }

  /** Before or after a call of the schedule: an access of this is no step, so nobody comes in between. */
  #outside<Result>(act: () => Result): Result {
    this.#scheduled = false;
    try {
      return act();
    } finally {
      this.#scheduled = true;
    }
  }

  #failureOf(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const { clock } = this.#trace;
    if (clock === 0) return new Failure("trap", `${error.message}, before the first step`);
    const site = this.core.describe(this.#trace.siteOf(clock));
    return new Failure(
      "trap",
      `${error.message} in thread ${this.#trace.threadOf(clock)}, after ${site}`,
    );
  }

  // ---- what the instances call

  step(thread: LogicalThread, address: number, site: number): void {
    const { kind, width } = this.core.sites[site]!;
    const reads = kind === PlainLoad || kind === AtomicLoad;
    if (!this.#scheduled) {
      this.#effects.unscheduled(thread.id, site, address, width, !reads);
      return;
    }
    if (this.#stops(thread, site, address, width, reads)) return;
    const clock = this.#announce(thread, site, address);
    if (this.#effects.access(kind, thread.id, clock, site, address, width)) {
      this.#dispatcher.wrote(thread, address, width);
    }
    this.#weak?.access(kind, thread.id, clock, address, width);
  }

  exchange(thread: LogicalThread, address: number, low: number, high: number, site: number): void {
    const { width } = this.core.sites[site]!;
    if (!this.#scheduled) {
      this.#effects.unscheduled(thread.id, site, address, width, true);
      return;
    }
    this.#weak?.settle();
    const fails = !this.region.holds(address, width, low, high);
    if (this.#stops(thread, site, address, width, fails)) return;
    const clock = this.#announce(thread, site, address);
    const found = this.region.holds(address, width, low, high);
    if (this.#effects.exchange(thread.id, clock, site, address, width, found)) {
      this.#dispatcher.wrote(thread, address, width);
      this.#weak?.update(thread.id, clock, address, width);
    } else {
      this.#weak?.failedUpdate(thread.id, clock, address, width);
    }
  }

  range(thread: LogicalThread, address: number, length: number, site: number): void {
    if (!this.#scheduled) {
      this.#effects.unscheduled(thread.id, site, address, length, true);
      return;
    }
    if (this.#stops(thread, site, address, length, false)) return;
    const clock = this.#announce(thread, site, address);
    if (length === 0) return;
    this.#effects.fill(thread.id, clock, site, address, length);
    this.#dispatcher.wrote(thread, address, length);
    this.#weak?.plainWrite(thread.id, clock, address, length);
  }

  copy(thread: LogicalThread, target: number, source: number, length: number, site: number): void {
    if (!this.#scheduled) {
      this.#effects.unscheduled(thread.id, site, source, length, false);
      this.#effects.unscheduled(thread.id, site, target, length, true);
      return;
    }
    const at = this.contention.has(source, length) ? source : target;
    if (this.#stops(thread, site, at, length, false)) return;
    const clock = this.#announce(thread, site, target);
    if (length === 0) return;
    this.#effects.copy(thread.id, clock, site, target, source, length);
    this.#dispatcher.wrote(thread, target, length);
    this.#weak?.copy(thread.id, clock, target, source, length);
  }

  wait(
    thread: LogicalThread,
    address: number,
    matches: () => boolean,
    timeout: bigint,
    site: number,
  ): number {
    const { width } = this.core.sites[site]!;
    if (!this.#scheduled) return matches() ? 2 : 1;
    if (thread.rewinding && thread.woken) {
      this.#arrive(thread);
      return this.#wakeUp(thread);
    }
    if (this.#stops(thread, site, address, width, false)) return 0;
    this.#announce(thread, site, address);
    this.#effects.meet(thread.id, site, address, width, false);
    if (!matches()) return 1;
    if (timeout === 0n) return 2;
    const mayTimeOut = timeout > 0n && this.#timeouts;
    return this.#dispatcher.wait(thread, address, mayTimeOut) ? 0 : this.#wakeUp(thread);
  }

  notify(thread: LogicalThread, address: number, count: number, site: number): number {
    if (!this.#scheduled) return 0;
    if (this.#stops(thread, site, address, 4, false)) return 0;
    this.#announce(thread, site, address);
    this.#effects.meet(thread.id, site, address, 4, true);
    return this.#dispatcher.notify(thread, address, count);
  }

  enter(thread: LogicalThread, watched: number, a: number, b: number, c: number): void {
    this.#weak?.settle();
    thread.watchedCalls.push(watched, a, b, c);
    this.blocks?.enter(thread.id, watched, [a, b, c]);
    this.#claim(thread, watched, [a, b, c], 0);
  }

  leave(thread: LogicalThread, watched: number, result: number): void {
    this.#weak?.settle();
    const parameters = thread.watchedCalls.splice(-4).slice(1);
    this.blocks?.leave(thread.id, watched, parameters, result);
    this.#claim(thread, watched, parameters, result);
  }

  #claim(thread: LogicalThread, watched: number, parameters: number[], result: number): void {
    if (!this.#scheduled || this.blocks === undefined) return;
    const { address, length } = this.blocks.written(thread.id, watched, parameters, result);
    if (length === 0) return;
    const clock = this.#trace.record(thread.id, -1, this.core.sites.length + watched, address);
    this.#effects.claim(thread.id, clock, address, length);
  }

  /** Whether the thread stops before this step. When it has come back to it, it does not. */
  #stops(
    thread: LogicalThread,
    site: number,
    address: number,
    length: number,
    reads: boolean,
  ): boolean {
    this.#weak?.settle();
    if (thread.rewinding) {
      this.#arrive(thread);
      return false;
    }
    this.#dispatcher.contended = this.contention.has(address, length);
    return this.#dispatcher.stops(thread, reads && this.#effects.spins(thread.id, site, address));
  }

  #arrive(thread: LogicalThread): void {
    thread.finishRewind();
    thread.committed = false;
  }

  // Coming back from a wait counts as a step, so that the next choice has a place of its own.
  #wakeUp(thread: LogicalThread): number {
    thread.woken = false;
    thread.steps++;
    return thread.waitResult;
  }

  #announce(thread: LogicalThread, site: number, address: number): number {
    const clock = this.#trace.record(thread.id, thread.steps++, site, address);
    if (clock > this.#maxSteps) {
      throw new Failure("no-progress", `no end after ${this.#maxSteps} steps`);
    }
    if (thread.callStamp < 0) this.#recordCall(thread);
    return clock;
  }
}
