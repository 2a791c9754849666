// Runs a program's threads, one step at a time, in the order that a scheduler chooses.
//
// Invariants:
// 1. Between two steps of the schedule no code of the core runs but the running thread's, up to its
//    next step: so a step's check, made right before its access, sees the memory as the access will.
// 2. The scheduler is asked exactly once before each step, unless it was asked when the thread was
//    resumed or when only this thread can go on: a schedule replays because every choice depends on
//    earlier ones alone.
// 3. Whatever the threads write is told to the region, so that the next schedule starts alike.
import { BlockChecker, type BlockHook } from "../checkers/blocks.ts";
import { RaceChecker } from "../checkers/race.ts";
import type { RaceRule } from "../checkers/rules.ts";
import type { Core } from "../core.ts";
import { Failure } from "../failure.ts";
import type { Crash, Decision } from "../schedule.ts";
import { defaultChoice, type Scheduler, type Situation } from "../schedulers/scheduler.ts";
import { Kind } from "../wasm/access.ts";
import { Contention } from "./contention.ts";
import { Region } from "./region.ts";
import { SpinDetector } from "./spin.ts";
import { type Host, LogicalThread, Status } from "./thread.ts";

/** One call of an export by a thread. */
export interface Operation {
  /** For people: `set("a", 1)`. */
  readonly name: string;
  readonly call: string;
  readonly args?: readonly (number | bigint)[];
  /** Runs right before the call, outside the schedule: puts a key into the thread's scratch. */
  before?(machine: Machine, thread: number): void;
  /** Runs right after the call: what it returned to its caller. Default: the export's result. */
  after?(machine: Machine, result: number | bigint | undefined, thread: number): unknown;
}

/** What one thread does. */
export interface ThreadProgram {
  readonly operations: readonly Operation[];
  /** Begins when these threads have ended or died. */
  readonly after?: readonly number[];
}

/** A call as it happened. A call that never returned has `returned` infinite. */
export interface CallRecord {
  readonly thread: number;
  readonly operation: Operation;
  /** Number of its first step. */
  readonly called: number;
  /** Number of its last step. */
  returned: number;
  result: unknown;
}

/** One schedule as it happened. */
export interface Run {
  readonly failure: Failure | undefined;
  readonly steps: number;
  readonly decisions: readonly Decision[];
  readonly history: readonly CallRecord[];
  /** Steps that each thread took. */
  readonly threadSteps: readonly number[];
}

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
  /** `never`: waits have no end but a notification, so that a forgotten sleeper is a deadlock. */
  readonly timeouts?: "allowed" | "never";
  /** Exceptions for the race checker; `false` turns it off. */
  readonly races?: readonly RaceRule[] | false;
  readonly blocks?: readonly BlockHook[];
}

export class Machine implements Host, Situation {
  readonly core: Core;
  readonly region: Region;
  readonly threads: readonly LogicalThread[];
  readonly observer: LogicalThread;
  readonly blocks: BlockChecker | undefined;
  readonly races: RaceChecker | undefined;

  /** Words that two threads touched, one of them writing, in any schedule so far. */
  readonly contention: Contention;

  clock = 0;
  contended = true;
  waiting = 0;

  readonly #maxSteps: number;
  readonly #earlyTimeouts: number;
  readonly #timeouts: boolean;
  readonly #spins: SpinDetector[];
  // The last step that wrote each word, counted over all schedules.
  readonly #lastWrite: Int32Array;
  #base = 0;
  #traceSite = new Int32Array(4096);
  #traceThread = new Uint8Array(4096);
  #traceAddress = new Float64Array(4096);

  #scheduler: Scheduler | undefined;
  #scheduled = false;
  #ready = 0;
  #spinning = 0;
  #blocked = 0;
  #next = -1;
  #timeoutsLeft = 0;
  #writesAtLastRelease = -1;
  #writes = 0;
  #decisions: Decision[] = [];
  #history: CallRecord[] = [];
  #programs: readonly ThreadProgram[] = [];

  constructor(core: Core, options: MachineOptions) {
    const { threads, initialPages, limitPages, blocks, races = [] } = options;
    if (!(threads >= 1 && threads <= 15)) throw new Error(`${threads} threads`);
    this.core = core;
    this.#maxSteps = options.maxSteps ?? 100_000;
    this.#earlyTimeouts = options.earlyTimeouts ?? 1;
    this.#timeouts = options.timeouts !== "never";
    this.region = new Region(initialPages, limitPages, threads + 1);
    const all = Array.from(
      { length: threads + 1 },
      (_, id) => new LogicalThread(id, core, this.region, this),
    );
    this.threads = all.slice(0, threads);
    this.observer = all[threads]!;
    const bytes = this.region.limit;
    this.#lastWrite = new Int32Array(bytes >>> 3);
    this.contention = new Contention(bytes);
    const spinLimit = options.spinLimit ?? 3;
    this.#spins = all.map(() => new SpinDetector(spinLimit, core.sites.length));
    this.blocks = blocks === undefined ? undefined : new BlockChecker(blocks, bytes, threads + 1);
    this.races =
      races === false
        ? undefined
        : new RaceChecker({
            threads,
            bytes,
            rules: races,
            sites: core.sites,
            describe: core.describe,
            siteOf: (step) => this.#traceSite[step]!,
          });
  }

  // ---- outside the schedule

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

  // ---- one schedule

  /** Restores the saved state and runs `programs` from there. */
  run(
    programs: readonly ThreadProgram[],
    scheduler: Scheduler,
    crashes: readonly Crash[] = [],
  ): Run {
    if (programs.length > this.threads.length) throw new Error("more programs than threads");
    this.#begin(programs, scheduler, crashes);
    let failure: Failure | undefined;
    try {
      this.#loop();
    } catch (error) {
      failure = this.#failureOf(error);
    }
    this.#scheduled = false;
    return {
      failure,
      steps: this.clock,
      decisions: this.#decisions,
      history: this.#history,
      threadSteps: programs.map((_, id) => this.threads[id]!.steps),
    };
  }

  /** The steps of the last schedule, from `from` on, one line each. */
  *trace(from = 1): Generator<string> {
    for (let step = Math.max(1, from); step <= this.clock; step++) {
      const site = this.#traceSite[step]!;
      const address = this.#traceAddress[step]!;
      const what = this.core.describe(site);
      yield `${step} thread ${this.#traceThread[step]} at ${address}: ${what}`;
    }
  }

  stepsOf(thread: number): number {
    return this.threads[thread]!.steps;
  }

  isDead(thread: number): boolean {
    return this.threads[thread]!.status === Status.Dead;
  }

  #begin(
    programs: readonly ThreadProgram[],
    scheduler: Scheduler,
    crashes: readonly Crash[],
  ): void {
    this.restore();
    this.#base += this.clock + 1;
    if (this.#base > 0x3fff_ffff) {
      this.#base = 1;
      this.#lastWrite.fill(0);
    }
    this.clock = 0;
    this.races?.reset();
    for (const spin of this.#spins) spin.reset();
    this.#programs = programs;
    this.#scheduler = scheduler;
    this.#decisions = [];
    this.#history = [];
    this.#ready = 0;
    this.#spinning = 0;
    this.#blocked = 0;
    this.waiting = 0;
    this.#timeoutsLeft = this.#earlyTimeouts;
    this.#writes = 0;
    this.#writesAtLastRelease = -1;
    for (const [id, { operations, after = [] }] of programs.entries()) {
      const thread = this.threads[id]!;
      if (operations.length === 0) {
        thread.status = Status.Done;
      } else if (after.length > 0) {
        thread.status = Status.Blocked;
        this.#blocked |= thread.bit;
      } else {
        this.#ready |= thread.bit;
      }
    }
    for (const { thread, step } of crashes) this.threads[thread]!.crashAt = step;
    this.#unblock();
    scheduler.begin(programs.length);
    this.#scheduled = true;
  }

  #loop(): void {
    let current = this.#chooseForced(-1);
    while (current >= 0) {
      const thread = this.threads[current]!;
      const { operations } = this.#programs[current]!;
      if (!thread.suspended) {
        thread.operation++;
        thread.callStamp = -1;
        this.#spins[current]!.reset();
        operations[thread.operation]!.before?.(this, current);
      }
      const operation = operations[thread.operation]!;
      const result = thread.run(thread.function(operation.call), operation.args ?? []);
      if (thread.suspended) {
        current = this.#next;
        continue;
      }
      this.#returned(thread, operation, result);
      if (thread.operation + 1 < operations.length) continue;
      this.#end(thread, Status.Done);
      current = this.#chooseForced(current);
    }
  }

  #returned(
    thread: LogicalThread,
    operation: Operation,
    result: number | bigint | undefined,
  ): void {
    if (thread.callStamp < 0) this.#recordCall(thread);
    const record = this.#history[thread.callStamp]!;
    record.returned = this.clock;
    record.result = operation.after ? operation.after(this, result, thread.id) : result;
  }

  #recordCall(thread: LogicalThread): void {
    thread.callStamp = this.#history.length;
    this.#history.push({
      thread: thread.id,
      operation: this.#programs[thread.id]!.operations[thread.operation]!,
      called: this.clock,
      returned: Number.POSITIVE_INFINITY,
      result: undefined,
    });
  }

  #end(thread: LogicalThread, status: Status): void {
    thread.status = status;
    this.#ready &= ~thread.bit;
    this.#unblock();
  }

  #unblock(): void {
    if (this.#blocked === 0) return;
    for (const [id, { after = [] }] of this.#programs.entries()) {
      const thread = this.threads[id]!;
      if (thread.status !== Status.Blocked) continue;
      const ended = (other: number) => this.threads[other]!.status >= Status.Done;
      if (!after.every(ended)) continue;
      thread.status = Status.Ready;
      this.#blocked &= ~thread.bit;
      this.#ready |= thread.bit;
      for (const other of after) this.races?.join(id, other, this.clock);
    }
  }

  #failureOf(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (error instanceof WebAssembly.RuntimeError) {
      const running = this.clock === 0 ? 0 : this.#traceThread[this.clock]!;
      const site =
        this.clock === 0 ? "the start" : this.core.describe(this.#traceSite[this.clock]!);
      return new Failure("trap", `${error.message} in thread ${running}, after ${site}`);
    }
    throw error;
  }

  // ---- choosing

  #choose(current: number, forced: boolean): number {
    const waiting = this.waiting;
    if (this.#timeoutsLeft === 0) this.waiting = 0;
    const next = this.#scheduler!.choose(current, this.#ready, forced, this);
    this.waiting = waiting;
    const bit = 1 << next;
    if (((this.#ready | (this.#timeoutsLeft > 0 ? waiting : 0)) & bit) === 0) {
      throw new Error(`the scheduler chose thread ${next}, which cannot go on`);
    }
    if (next !== defaultChoice(current, this.#ready, forced)) {
      const step = current < 0 ? 0 : this.threads[current]!.steps;
      this.#decisions.push({ thread: current, step, next });
    }
    if ((this.#ready & bit) === 0) {
      this.#timeoutsLeft--;
      this.#wake(this.threads[next]!, 2);
    }
    return next;
  }

  /** The next thread when `current` cannot go on; -1 when all have ended. */
  #chooseForced(current: number): number {
    if (this.#ready === 0) this.#release();
    if (this.#ready === 0) return -1;
    const next = this.#choose(current, true);
    if (next >= 0) this.threads[next]!.committed = true;
    return next;
  }

  // Nobody is ready: those who spin get another round; when that changed nothing the last time,
  // those who wait with a timeout time out.
  #release(): void {
    const stuck = this.#writesAtLastRelease === this.#writes;
    this.#writesAtLastRelease = this.#writes;
    if (this.#spinning !== 0) {
      for (const thread of this.threads) {
        if (thread.status === Status.Spinning) this.#stopSpinning(thread);
      }
      if (!stuck) return;
    }
    for (const thread of this.threads) {
      if ((this.waiting & thread.bit) !== 0) this.#wake(thread, 2);
    }
    if (this.#ready === 0 && this.threads.some(({ status }) => status === Status.Waiting)) {
      throw new Failure("deadlock", "every thread that has not ended waits to be notified");
    }
  }

  #stopSpinning(thread: LogicalThread): void {
    this.#spins[thread.id]!.forgive();
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

  #suspend(thread: LogicalThread, next: number): void {
    this.#next = next;
    if (next >= 0) this.threads[next]!.committed = true;
    thread.suspend();
  }

  /**
   * Whether the thread stops here. When it does not, its step takes place at once.
   * `reads` is the address of a plain or atomic read, or -1.
   */
  #stops(
    thread: LogicalThread,
    site: number,
    address: number,
    width: number,
    reads: boolean,
  ): boolean {
    if (thread.crashAt >= 0 && thread.steps >= thread.crashAt) {
      this.#end(thread, Status.Dead);
      this.#suspend(thread, this.#chooseForced(thread.id));
      return true;
    }
    const { committed } = thread;
    thread.committed = false;
    if (
      reads &&
      this.#spins[thread.id]!.isSpinning(site, address, this.#lastWrite[address >>> 3]!)
    ) {
      thread.status = Status.Spinning;
      this.#ready &= ~thread.bit;
      this.#spinning |= thread.bit;
      const next = this.#chooseForced(thread.id);
      if (next !== thread.id) {
        this.#suspend(thread, next);
        return true;
      }
      thread.committed = false;
      return false;
    }
    if (committed) return false;
    if (this.#ready === thread.bit && (this.waiting === 0 || this.#timeoutsLeft === 0))
      return false;
    this.contended = this.contention.has(address, width);
    const next = this.#choose(thread.id, false);
    if (next === thread.id) return false;
    this.#suspend(thread, next);
    return true;
  }

  // ---- the host's side of a step

  step(thread: LogicalThread, address: number, site: number): void {
    const { kind, width } = this.core.sites[site]!;
    if (!this.#scheduled) {
      this.#unscheduled(thread, site, kind, address, width);
      return;
    }
    if (thread.rewinding) {
      thread.finishRewind();
      thread.committed = false;
    } else {
      const reads = kind === Kind.PlainLoad || kind === Kind.AtomicLoad;
      if (this.#stops(thread, site, address, width, reads)) return;
    }
    this.#announce(thread, site, address);
    const { clock } = this;
    switch (kind) {
      case Kind.PlainLoad:
        this.#reads(thread, site, address, width);
        this.races?.plainRead(thread.id, clock, address, width);
        break;
      case Kind.AtomicLoad:
        this.#reads(thread, site, address, width);
        this.races?.atomicRead(thread.id, clock, address, width);
        break;
      case Kind.PlainStore:
        this.#writesTo(thread, site, address, width);
        this.races?.plainWrite(thread.id, clock, address, width);
        break;
      case Kind.AtomicStore:
        this.#writesTo(thread, site, address, width);
        this.races?.atomicWrite(thread.id, clock, address, width, false);
        break;
      case Kind.ReadModifyWrite:
        this.#writesTo(thread, site, address, width);
        this.races?.atomicWrite(thread.id, clock, address, width, true);
        break;
    }
  }

  range(thread: LogicalThread, address: number, length: number, site: number): void {
    if (!this.#scheduled) {
      this.#checkBounds(address, length, site);
      this.region.touchRange(address, length);
      this.blocks?.access(thread.id, address, length, () => this.core.describe(site));
      return;
    }
    if (thread.rewinding) {
      thread.finishRewind();
      thread.committed = false;
    } else if (this.#stops(thread, site, address, length, false)) {
      return;
    }
    this.#announce(thread, site, address);
    if (length === 0) return;
    this.#writesTo(thread, site, address, length);
    this.races?.plainWrite(thread.id, this.clock, address, length);
  }

  copy(thread: LogicalThread, target: number, source: number, length: number, site: number): void {
    if (!this.#scheduled) {
      this.#checkBounds(source, length, site);
      this.blocks?.access(thread.id, source, length, () => this.core.describe(site));
      this.range(thread, target, length, site);
      return;
    }
    if (thread.rewinding) {
      thread.finishRewind();
      thread.committed = false;
    } else if (
      this.#stops(
        thread,
        site,
        this.contention.has(source, length) ? source : target,
        length,
        false,
      )
    ) {
      return;
    }
    this.#announce(thread, site, target);
    if (length === 0) return;
    this.#checkBounds(source, length, site);
    this.blocks?.access(thread.id, source, length, () => this.core.describe(site));
    this.contention.touch(thread.id, source, length, false);
    this.#writesTo(thread, site, target, length);
    this.races?.plainRead(thread.id, this.clock, source, length);
    this.races?.plainWrite(thread.id, this.clock, target, length);
  }

  exchange(thread: LogicalThread, address: number, low: number, high: number, site: number): void {
    const { width } = this.core.sites[site]!;
    if (!this.#scheduled) {
      this.#unscheduled(thread, site, Kind.CompareExchange, address, width);
      return;
    }
    if (thread.rewinding) {
      thread.finishRewind();
      thread.committed = false;
    } else if (this.#stops(thread, site, address, width, !this.#holds(address, width, low, high))) {
      return;
    }
    this.#announce(thread, site, address);
    if (this.#holds(address, width, low, high)) {
      this.#writesTo(thread, site, address, width);
      this.races?.atomicWrite(thread.id, this.clock, address, width, true);
    } else {
      this.#reads(thread, site, address, width);
      this.races?.atomicRead(thread.id, this.clock, address, width);
    }
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
    if (thread.rewinding) {
      thread.finishRewind();
      thread.committed = false;
      if (thread.woken) {
        thread.woken = false;
        thread.steps++;
        return thread.waitResult;
      }
    } else if (this.#stops(thread, site, address, width, false)) {
      return 0;
    }
    this.#announce(thread, site, address);
    this.#checkBounds(address, width, site);
    this.blocks?.access(thread.id, address, width, () => this.core.describe(site));
    this.contention.touch(thread.id, address, width, false);
    if (!matches()) return 1;
    if (timeout === 0n) return 2;
    thread.status = Status.Waiting;
    thread.waitAddress = address;
    thread.woken = false;
    this.#ready &= ~thread.bit;
    if (timeout > 0n && this.#timeouts) this.waiting |= thread.bit;
    const next = this.#chooseForced(thread.id);
    if (next === thread.id) {
      thread.committed = false;
      thread.woken = false;
      thread.steps++;
      return thread.waitResult;
    }
    this.#suspend(thread, next);
    return 0;
  }

  notify(thread: LogicalThread, address: number, count: number, site: number): number {
    if (!this.#scheduled) return 0;
    if (thread.rewinding) {
      thread.finishRewind();
      thread.committed = false;
    } else if (this.#stops(thread, site, address, 4, false)) {
      return 0;
    }
    this.#announce(thread, site, address);
    this.contention.touch(thread.id, address, 4, true);
    let woken = 0;
    for (const other of this.threads) {
      if (woken === count) break;
      if (other.status === Status.Waiting && other.waitAddress === address) {
        this.#wake(other, 0);
        woken++;
      }
    }
    if (woken > 0) this.#writes++;
    return woken;
  }

  enter(thread: LogicalThread, watched: number, a: number, b: number, c: number): void {
    thread.watchedCalls.push(watched, a, b, c);
    const { blocks } = this;
    if (blocks === undefined) return;
    blocks.enter(thread.id, watched, [a, b, c]);
    this.#hooked(thread, watched, [a, b, c], 0);
  }

  leave(thread: LogicalThread, watched: number, result: number): void {
    const parameters = thread.watchedCalls.splice(-4).slice(1);
    const { blocks } = this;
    if (blocks === undefined) return;
    blocks.leave(thread.id, watched, parameters, result);
    this.#hooked(thread, watched, parameters, result);
  }

  // To allocate or free a block is to write all of it, as far as order is concerned.
  #hooked(thread: LogicalThread, watched: number, parameters: number[], result: number): void {
    if (!this.#scheduled) return;
    const { address, length } = this.blocks!.written(thread.id, watched, parameters, result);
    if (length === 0) return;
    this.#record(thread, this.core.sites.length + watched, address);
    this.contention.touch(thread.id, address, length, true);
    this.races?.plainWrite(thread.id, this.clock, address, length);
  }

  // ---- what every step does

  #announce(thread: LogicalThread, site: number, address: number): void {
    thread.steps++;
    this.#record(thread, site, address);
    if (this.clock > this.#maxSteps) {
      throw new Failure("no-progress", `no end after ${this.#maxSteps} steps`);
    }
    if (thread.callStamp < 0) this.#recordCall(thread);
  }

  #record(thread: LogicalThread, site: number, address: number): void {
    const clock = ++this.clock;
    if (clock >= this.#traceSite.length) this.#growTrace();
    this.#traceSite[clock] = site;
    this.#traceThread[clock] = thread.id;
    this.#traceAddress[clock] = address;
  }

  #growTrace(): void {
    const length = this.#traceSite.length * 2;
    const site = new Int32Array(length);
    site.set(this.#traceSite);
    this.#traceSite = site;
    const thread = new Uint8Array(length);
    thread.set(this.#traceThread);
    this.#traceThread = thread;
    const address = new Float64Array(length);
    address.set(this.#traceAddress);
    this.#traceAddress = address;
  }

  #reads(thread: LogicalThread, site: number, address: number, width: number): void {
    this.#checkBounds(address, width, site);
    this.blocks?.access(thread.id, address, width, () => this.core.describe(site));
    this.contention.touch(thread.id, address, width, false);
    const spin = this.#spins[thread.id]!;
    spin.read(site, address, this.#base + this.clock, this.#lastWrite[address >>> 3]!);
  }

  #writesTo(thread: LogicalThread, site: number, address: number, width: number): void {
    this.#checkBounds(address, width, site);
    this.blocks?.access(thread.id, address, width, () => this.core.describe(site));
    this.contention.touch(thread.id, address, width, true);
    this.region.touchRange(address, width);
    const now = this.#base + this.clock;
    const last = (address + width - 1) >>> 3;
    for (let word = address >>> 3; word <= last; word++) this.#lastWrite[word] = now;
    this.#spins[thread.id]!.wrote(now);
    this.#writes++;
    if (this.#spinning === 0) return;
    for (const other of this.threads) {
      if (
        other.status === Status.Spinning &&
        other !== thread &&
        this.#spins[other.id]!.concerns(address, width)
      ) {
        this.#stopSpinning(other);
      }
    }
  }

  #unscheduled(
    thread: LogicalThread,
    site: number,
    kind: Kind,
    address: number,
    width: number,
  ): void {
    this.#checkBounds(address, width, site);
    this.blocks?.access(thread.id, address, width, () => this.core.describe(site));
    if (kind !== Kind.PlainLoad && kind !== Kind.AtomicLoad) this.region.touch(address, width);
  }

  #checkBounds(address: number, length: number, site: number): void {
    if (address + length > this.region.size) {
      throw new Failure(
        "out-of-bounds",
        `${this.core.describe(site)} of ${address}, the memory has ${this.region.size} bytes`,
      );
    }
  }

  #holds(address: number, width: number, low: number, high: number): boolean {
    const { view } = this.region;
    switch (width) {
      case 1:
        return view.getUint8(address) === (low & 0xff);
      case 2:
        return view.getUint16(address, true) === (low & 0xffff);
      case 4:
        return view.getInt32(address, true) === low;
      default:
        return view.getInt32(address, true) === low && view.getInt32(address + 4, true) === high;
    }
  }
}
