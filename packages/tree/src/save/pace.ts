// What long asynchronous work owes to others: it ends when it is told to, and lets the event loop go on.
import { now } from "../clock.ts";

/** An `AbortSignal`. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Milliseconds of work after which timers and messages get their turn. */
const SLICE = 10;

/** The pace of one piece of work. */
export class Pace {
  /** What tells it to end. */
  readonly signal: Signal | undefined;
  #started: number = now();

  constructor(signal: Signal | undefined) {
    this.signal = signal;
  }

  /** Throws the signal's reason once it says so. */
  check(): void {
    if (this.signal?.aborted) throw this.signal.reason;
  }

  /**
   * What a promise gives, or the signal's reason as soon as it says so.
   *
   * @param isTooLate whether the promise is to be awaited all the same
   */
  until<T>(promise: PromiseLike<T> | T, isTooLate = () => false): Promise<T> {
    const { signal } = this;
    const wanted = Promise.resolve(promise);
    if (signal === undefined) return wanted;
    return new Promise<T>((resolve, reject) => {
      const end = () => signal.removeEventListener("abort", abort);
      const abort = () => {
        if (isTooLate()) return;
        end();
        reject(signal.reason);
      };
      // Also if the signal comes first: what is given up must not fail unheard.
      wanted.then(resolve, reject).finally(end);
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
    });
  }

  /** Lets the event loop go on if it has been a while. What is awaited may have no need of it: memory is ready at once. */
  async breathe(): Promise<void> {
    if (now() - this.#started >= SLICE) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#started = now();
    }
    this.check();
  }
}
