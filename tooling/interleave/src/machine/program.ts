// What threads are to do, and what became of it.
import type { Failure } from "../failure.ts";
import type { Decision } from "../schedule.ts";
import type { Machine } from "./machine.ts";

/** One call of an export by a thread. */
export interface Operation {
  /** For people: `set a=1`. */
  readonly name: string;
  readonly call: string;
  readonly args?: readonly (number | bigint)[];
  /** Runs right before the call, outside the schedule: puts a key into the thread's scratch. */
  before?(machine: Machine, thread: number): void;
  /**
   * Runs right after the call, outside the schedule: what it returned to its caller. Default: the export's
   * result. It may look at memory that is the thread's own, and call exports that do.
   */
  after?(machine: Machine, result: number | bigint | undefined, thread: number): unknown;
}

/** What one thread does. */
export interface ThreadProgram {
  readonly operations: readonly Operation[];
  /** Begins when these threads have ended or died, and after all that they did. */
  readonly after?: readonly number[];
}

/** A call as it happened. */
export interface CallRecord {
  readonly thread: number;
  readonly operation: Operation;
  /** Number of its first step: until then nobody could tell that it was made. */
  readonly called: number;
  /** Number of its last step; infinite for a call that never returned. */
  returned: number;
  result: unknown;
}

/** One schedule as it happened. */
export interface Run {
  readonly failure: Failure | undefined;
  readonly steps: number;
  /** What differed from the default: replays the schedule. */
  readonly decisions: readonly Decision[];
  readonly history: readonly CallRecord[];
  /** Steps that each thread took. */
  readonly threadSteps: readonly number[];
}
