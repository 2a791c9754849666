// At most `limit` requests of a client in a window of time, whichever threads they come to.
import { MassTreeInline, tuple } from "masstree";

// The window comes first, so that the counts of all old windows are neighbours.
const windowAndClient = tuple("number", "string");

export class RateLimiter {
  /** @type {MassTreeInline<number, readonly [number, string]>} */
  #counts;

  /**
   * @param {{ limit: number, windowMs: number }} rate
   * @param {any} [handle] that of another thread's limiter, to share it
   */
  constructor({ limit, windowMs }, handle) {
    this.limit = limit;
    this.windowMs = windowMs;
    const key = windowAndClient;
    this.#counts = handle
      ? MassTreeInline.attach(handle, { key })
      : new MassTreeInline({ key, value: "u32" });
  }

  get handle() {
    return this.#counts.handle;
  }

  windowAt(now) {
    return Math.floor(now / this.windowMs);
  }

  /** Whether a client may do one more request now. */
  allows(client, now = Date.now()) {
    // One step for all threads: each request gets a number of its own.
    return this.#counts.add([this.windowAt(now), client], 1) <= this.limit;
  }

  /** The same, done wrong: between `get` and `set`, other threads count, too, and are forgotten. */
  allowsWrongly(client, now = Date.now()) {
    const key = /** @type {const} */ ([this.windowAt(now), client]);
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.limit) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  /** Forgets all windows before the present one. Returns how many counts went. */
  sweep(now = Date.now()) {
    return this.#counts.clear({ lt: [this.windowAt(now), ""] });
  }

  get size() {
    return this.#counts.size;
  }

  close() {
    this.#counts.close();
  }
}
