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

  /** The steps from `from` on, one line each. */
  *lines(core: Core, from: number): Generator<string> {
    for (let step = Math.max(1, from); step <= this.clock; step++) {
      const what = core.describe(this.#sites[step]!);
      yield `${step} thread ${this.#threads[step]} at ${this.#addresses[step]}: ${what}`;
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
