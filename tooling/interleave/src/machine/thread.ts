// A logical thread: one instance of the module, which runs until a step stops it.
//
//            start / resume                 step: another thread goes on
//   ready ------------------> running -----------------------------------> ready
//     ^                          | wait: value as expected   -> waiting ---+ notified, timed out
//     |                          | step: re-reads what it read -> spinning + written by another
//     +--------------------------| last call returned -> done
//                                | crash point        -> dead
import type { Core } from "../core.ts";
import { hostModule } from "../host-functions.ts";
import { frameBytes, type Region } from "./region.ts";

export const Status = {
  Ready: 0,
  Waiting: 1,
  Spinning: 2,
  /** Has not begun, for it comes after threads that have not ended. */
  Blocked: 3,
  Done: 4,
  Dead: 5,
} as const;

export type Status = (typeof Status)[keyof typeof Status];

/** What a thread's instance calls. All addresses are unsigned already. */
export interface Host {
  step(thread: LogicalThread, address: number, site: number): void;
  range(thread: LogicalThread, address: number, length: number, site: number): void;
  copy(thread: LogicalThread, target: number, source: number, length: number, site: number): void;
  exchange(
    thread: LogicalThread,
    address: number,
    expectedLow: number,
    expectedHigh: number,
    site: number,
  ): void;
  wait(
    thread: LogicalThread,
    address: number,
    matches: () => boolean,
    timeout: bigint,
    site: number,
  ): number;
  notify(thread: LogicalThread, address: number, count: number, site: number): number;
  enter(thread: LogicalThread, watched: number, a: number, b: number, c: number): void;
  leave(thread: LogicalThread, watched: number, result: number): void;
}

type Callable = (...args: (number | bigint)[]) => number | bigint | undefined;

export class LogicalThread {
  readonly id: number;
  readonly bit: number;
  readonly exports: Record<string, WebAssembly.ExportValue>;

  status: Status = Status.Ready;
  /** Steps taken in this schedule. */
  steps = 0;
  /** The next step was decided already: take it without asking the scheduler. */
  committed = false;
  /** It is being called again to come back to where it stopped. */
  rewinding = false;
  /** It stopped inside a step. */
  suspended = false;
  /** The step at which it dies; -1 for none. */
  crashAt = -1;

  // Waiting.
  waitAddress = 0;
  waitTimeoutIsFinite = false;
  waitResult = 0;
  /** It comes back from a wait rather than to a pending step. */
  woken = false;

  // The call that it is in.
  operation = -1;
  callStamp = -1;

  // Calls of watched functions that have not returned: four numbers each.
  readonly watchedCalls: number[] = [];

  readonly #frames: number;
  readonly #region: Region;
  readonly #globals: WebAssembly.Global[];
  #savedGlobals: unknown[] = [];
  readonly #startUnwind: (data: number) => void;
  readonly #stopUnwind: () => void;
  readonly #startRewind: (data: number) => void;
  readonly #stopRewind: () => void;

  constructor(id: number, core: Core, region: Region, host: Host) {
    this.id = id;
    this.bit = 1 << id;
    this.#region = region;
    this.#frames = region.frames(id);
    const { view } = region;
    const imports = {
      env: {
        memory: region.memory,
        abort: () => {
          throw new WebAssembly.RuntimeError("abort");
        },
      },
      [hostModule]: {
        step: (address: number, site: number) => host.step(this, address >>> 0, site),
        range: (address: number, length: number, site: number) =>
          host.range(this, address >>> 0, length >>> 0, site),
        copy: (target: number, source: number, length: number, site: number) =>
          host.copy(this, target >>> 0, source >>> 0, length >>> 0, site),
        exchange: (address: number, low: number, high: number, site: number) =>
          host.exchange(this, address >>> 0, low, high, site),
        wait32: (address: number, expected: number, timeout: bigint, site: number) => {
          const at = address >>> 0;
          return host.wait(this, at, () => view.getInt32(at, true) === expected, timeout, site);
        },
        wait64: (address: number, expected: bigint, timeout: bigint, site: number) => {
          const at = address >>> 0;
          return host.wait(this, at, () => view.getBigInt64(at, true) === expected, timeout, site);
        },
        notify: (address: number, count: number, site: number) =>
          host.notify(this, address >>> 0, count >>> 0, site),
        size: () => region.size / 65536,
        grow: (pages: number) => region.grow(pages >>> 0),
        enter: (watched: number, a: number, b: number, c: number) =>
          host.enter(this, watched, a >>> 0, b >>> 0, c >>> 0),
        leave: (watched: number, result: number) => host.leave(this, watched, result >>> 0),
      },
    };
    const { exports } = new WebAssembly.Instance(core.module, imports as WebAssembly.Imports);
    this.exports = exports;
    this.#globals = core.globals.map((name) => exports[name] as WebAssembly.Global);
    this.#startUnwind = exports.asyncify_start_unwind as (data: number) => void;
    this.#stopUnwind = exports.asyncify_stop_unwind as () => void;
    this.#startRewind = exports.asyncify_start_rewind as (data: number) => void;
    this.#stopRewind = exports.asyncify_stop_rewind as () => void;
    this.saveGlobals();
  }

  function(name: string): Callable {
    const found = this.exports[name];
    if (typeof found !== "function") throw new Error(`the module exports no function '${name}'`);
    return found as Callable;
  }

  /** Calls, or goes on with, `target`. Whether it returned is in `suspended`. */
  run(target: Callable, args: readonly (number | bigint)[]): number | bigint | undefined {
    if (this.suspended) {
      this.suspended = false;
      this.rewinding = true;
      this.#startRewind(this.#frames);
    }
    const result = target(...args);
    if (this.suspended) this.#stopUnwind();
    return result;
  }

  /** Inside a step: makes the running call return without having ended. */
  suspend(): void {
    const { words } = this.#region;
    const header = this.#frames >>> 2;
    words[header] = this.#frames + 8;
    words[header + 1] = this.#frames + frameBytes;
    this.suspended = true;
    this.#startUnwind(this.#frames);
  }

  /** Inside a step, when it has been reached again. */
  finishRewind(): void {
    this.rewinding = false;
    this.#stopRewind();
  }

  saveGlobals(): void {
    this.#savedGlobals = this.#globals.map(({ value }) => value);
  }

  /** Ready to begin a schedule. */
  reset(): void {
    for (let index = 0; index < this.#globals.length; index++) {
      this.#globals[index]!.value = this.#savedGlobals[index];
    }
    this.status = Status.Ready;
    this.steps = 0;
    this.committed = false;
    this.rewinding = false;
    this.suspended = false;
    this.crashAt = -1;
    this.woken = false;
    this.operation = -1;
    this.callStamp = -1;
    this.watchedCalls.length = 0;
  }
}
