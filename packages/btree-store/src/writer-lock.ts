/*
 * The lock of the one thread that writes, as this thread takes it: docs/design.md, 'Several threads' and 'Waiting for the
 * writer'. Whoever gets it looks first what others have left (`enter`), and gives it back if that fails.
 */
import { mayWait } from "@masstree/wasm";
import { StoreBusyError } from "./errors.ts";
import type { PageFile } from "./page-file.ts";
import type { PageMemory } from "./page-memory.ts";

/** The longest pause before `takeLater` asks again, in milliseconds. */
const LONGEST_PAUSE = 20;

export class WriterLock {
  readonly #memory: PageMemory;
  readonly #file: PageFile;
  readonly #enter: () => void;
  /** This thread's participant when it got the lock. */
  #generation: number;

  /** @param enter called whenever this thread has got the lock */
  constructor(memory: PageMemory, file: PageFile, enter: () => void) {
    this.#memory = memory;
    this.#file = file;
    this.#enter = enter;
    this.#generation = memory.generation;
  }

  /** Whether this thread still has the lock that it has taken: see PageMemory. */
  get isIntact(): boolean {
    this.#memory.open();
    return this.#generation === this.#memory.generation;
  }

  /**
   * Takes the lock, and waits while another thread has it.
   *
   * @param timeout in milliseconds
   * @throws StoreBusyError (`STORE_BUSY`), StoreFailedError (`STORE_FAILED`), and what `enter` throws
   */
  take(timeout: number): void {
    const deadline = performance.now() + timeout;
    const waits = mayWait() ? 1 : 0;
    while (this.#memory.open().exports.lockWriter(waits) === 0) {
      this.#file.check();
      if (performance.now() >= deadline) throw this.#busy(timeout);
    }
    this.#taken();
  }

  /** Takes the lock if it is free. @returns whether it was */
  tryTake(): boolean {
    if (this.#memory.open().exports.tryLockWriter() === 0) return false;
    this.#taken();
    return true;
  }

  /**
   * Takes the lock, and returns to the event loop while another thread has it.
   *
   * @param isGivenUp whether nobody wants it any more
   * @returns false if so
   */
  async takeLater(isGivenUp: () => boolean): Promise<boolean> {
    for (let pause = 1; !isGivenUp(); pause = Math.min(LONGEST_PAUSE, 2 * pause)) {
      if (this.tryTake()) return true;
      if (pause === LONGEST_PAUSE) this.#memory.lookForEnded();
      await new Promise<void>((resolve) => setTimeout(resolve, pause));
    }
    return false;
  }

  /** Gives the lock back. */
  release(): void {
    if (this.isIntact) this.#memory.open().exports.unlockTheWriter();
  }

  #taken(): void {
    this.#generation = this.#memory.generation;
    try {
      this.#enter();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  #busy(timeout: number): StoreBusyError {
    const number = this.#memory.open().exports.writerNumber();
    const threadId = this.#memory.participants().find((one) => one.number === number)?.threadId;
    const who =
      threadId === undefined
        ? "Another thread"
        : threadId === 0
          ? "The main thread"
          : `Worker ${threadId}`;
    return new StoreBusyError(
      `${who} is writing, and did not end its transaction within ${timeout} ms. Try again, make transactions shorter, or raise 'timeout'.`,
      threadId,
    );
  }
}
