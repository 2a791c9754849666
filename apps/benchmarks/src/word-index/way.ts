// What a way to build the index has to offer, and what it is given. Everything around a way is the same
// for all of them: reading, counting the words of a file, the workers, the questions, the check.
import type { Entry } from "./counts.ts";
import type { Packed } from "./packed.ts";
import type { WordMap } from "./questions.ts";

export interface Way {
  /** The name in the table. */
  readonly title: string;
  /** Whether its entries come in the order of the words. */
  readonly sorted: boolean;
  /** Whether one thread does everything: then the time spent on questions is taken off. */
  readonly alone?: boolean;
  /** Starts to fill the index, in the main thread. */
  start(job: Job): Index | Promise<Index>;
  /** What each worker does with the files it gets. */
  work?(files: Iterable<string>, from: WorkerJob): void | Promise<void>;
}

/** What the main thread gets. */
export interface Job {
  /** The paths of all files, for a way without workers. */
  readonly files: Iterable<string>;
  /** An empty directory. */
  readonly directory: string;
  /**
   * Starts one worker for each core, which all take files from one list, until it is at its end.
   *
   * @param data sent to each worker
   * @param receive called with each message from a worker
   * @returns resolves when all workers have ended
   */
  inWorkers(data?: unknown, receive?: (message: Packed) => void): Promise<void>;
}

/** What a worker gets, besides its files. */
export interface WorkerJob {
  readonly data: unknown;
  send(message: Packed): void;
}

/** The index, which is being filled until `done` resolves. */
export interface Index {
  readonly done: Promise<void>;
  /** Why nobody can ask before `done`, if so. */
  readonly closedUntilDone?: string;
  get(word: string): number | undefined;
  /** The words that begin with `prefix`. */
  startingWith(prefix: string): Iterable<Entry>;
  entries(): Iterable<Entry>;
  /** The map itself, if it answers the questions to the complete index. */
  readonly ordered?: WordMap;
}

/** A way that cannot run on this machine. The table says why. */
export class WayUnavailable extends Error {
  override readonly name = "WayUnavailable";
}
