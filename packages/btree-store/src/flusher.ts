/*
 * Writing the newest state to the disk in the background, for durability "batch" and `flush`: docs/design.md, 'A commit'
 * and 'Waiting for the writer'.
 */
import type { PageFile } from "./page-file.ts";
import type { SharedStates, WrittenMeta } from "./shared-states.ts";
import type { WriterLock } from "./writer-lock.ts";

/** What it does with the writer's lock. */
export interface FlushSteps {
  /** Writes the meta page of a state. */
  writeMeta(written: WrittenMeta): void;
  /** Lets pages be taken that no state needs any more. */
  release(): void;
}

export class Flusher {
  readonly #file: PageFile;
  readonly #states: SharedStates;
  readonly #lock: WriterLock;
  readonly #steps: FlushSteps;
  /** The flush that is under way. */
  #flushing: Promise<void> | undefined;
  #isClosed = false;

  constructor(file: PageFile, states: SharedStates, lock: WriterLock, steps: FlushSteps) {
    this.#file = file;
    this.#states = states;
    this.#lock = lock;
    this.#steps = steps;
  }

  /**
   * Writes the newest state to the disk in the background.
   *
   * @returns resolves once that state is durable
   * @throws StoreFailedError (`STORE_FAILED`), as a rejection
   */
  async flush(): Promise<void> {
    const { commit } = this.#states.read();
    while (this.#states.durable < commit && !this.#isClosed) {
      this.#flushing ??= this.#flushOnce().finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
    this.#file.check();
  }

  /** Ends what it does: the store is being closed. */
  end(): void {
    this.#isClosed = true;
  }

  /** COMMIT2, with pauses: transactions go on meanwhile, in all threads, and one with "sync" may be done first. */
  async #flushOnce(): Promise<void> {
    // All commits of this turn of the event loop share the syncs.
    await undefined;
    if (this.#isClosed) return;
    const states = this.#states;
    const state = states.read();
    await this.#file.syncLater();
    const isWritten = await this.#locked(() => {
      if (states.durable >= state.commit) return false;
      // Another thread may have written its own there: then this one replaces it, and is as good.
      const written: WrittenMeta = {
        state,
        slot: 1 - states.slot,
        pending: { start: 0, end: 0 },
      };
      states.writeDown(written);
      this.#steps.writeMeta(written);
      return true;
    });
    if (!isWritten) return;
    await this.#file.syncLater();
    await this.#locked(() => {
      if (states.written?.state.commit === state.commit) states.publishDurable();
      this.#steps.release();
      return true;
    });
  }

  /** Runs a step with the writer's lock, and returns what it does; false once the store is closed. */
  async #locked(step: () => boolean): Promise<boolean> {
    if (!(await this.#lock.takeLater(() => this.#isClosed))) return false;
    try {
      return step();
    } finally {
      this.#lock.release();
    }
  }
}
