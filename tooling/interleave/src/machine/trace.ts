// The steps of the present schedule, in order: who did what where. Numbered from 1.
import type { Core } from "../core.ts";

export class Trace {
  /** The number of the last step. */
  clock = 0;
  #sites = new Int32Array(4096);
  #threads = new Uint8Array(4096);
  #addresses = new Float64Array(4096);
  // Which of its thread's steps it was; -1 for what is noted within a step.
  #locals = new Int32Array(4096);

  reset(): void {
    this.clock = 0;
  }

  /** Notes a step, the thread's step number `local`, and returns its number. */
  record(thread: number, local: number, site: number, address: number): number {
    const clock = ++this.clock;
    if (clock >= this.#sites.length) this.#grow();
    this.#sites[clock] = site;
    this.#threads[clock] = thread;
    this.#addresses[clock] = address;
    this.#locals[clock] = local;
    return clock;
  }

  siteOf(step: number): number {
    return this.#sites[step]!;
  }

  threadOf(step: number): number {
    return this.#threads[step]!;
  }

  /** Numbers among a thread's own steps of those whose site passes. */
  *localSteps(thread: number, passes: (site: number) => boolean): Generator<number> {
    for (let step = 1; step <= this.clock; step++) {
      if (this.#threads[step] !== thread || this.#locals[step]! < 0) continue;
      if (passes(this.#sites[step]!)) yield this.#locals[step]!;
    }
  }

  /** Tells of each step that a thread took, in order. */
  visit(visitor: (clock: number, thread: number, site: number, address: number) => void): void {
    for (let clock = 1; clock <= this.clock; clock++) {
      if (this.#locals[clock]! < 0) continue;
      visitor(clock, this.#threads[clock]!, this.#sites[clock]!, this.#addresses[clock]!);
    }
  }

  /** The steps from `from` on, one line each. */
  *lines(
    core: Core,
    from: number,
    noteOf: (step: number) => string | undefined,
  ): Generator<string> {
    for (let step = Math.max(1, from); step <= this.clock; step++) {
      const what = core.describe(this.#sites[step]!);
      const note = noteOf(step);
      const more = note === undefined ? "" : `, ${note}`;
      yield `${step} thread ${this.#threads[step]} at ${this.#addresses[step]}: ${what}${more}`;
    }
  }

  #grow(): void {
    const length = this.#sites.length * 2;
    const sites = new Int32Array(length);
    sites.set(this.#sites);
    this.#sites = sites;
    const threads = new Uint8Array(length);
    threads.set(this.#threads);
    this.#threads = threads;
    const addresses = new Float64Array(length);
    addresses.set(this.#addresses);
    this.#addresses = addresses;
    const locals = new Int32Array(length);
    locals.set(this.#locals);
    this.#locals = locals;
  }
}
