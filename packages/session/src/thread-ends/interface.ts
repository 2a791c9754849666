import type { WasmMemory } from "@masstree/wasm";

/** The exports of a shared structure's module that this folder calls. Participants have numbers from 1. @internal */
export interface Membership {
  /** Takes a number for the next `attach`, in the name of a thread. Returns 0 if all are taken. */
  reserve(thread: number): number;
  /** Becomes a participant, as a thread with these two numbers. Returns a status: 0 is OK. */
  attach(mayWait: number, thread: number, osThread: number): number;
  /** Ends that. */
  detach(): void;
  /** Becomes a visitor, who can only recover others. Returns its number; 0 if there are too many. */
  visit(mayWait: number, thread: number): number;
  /** Ends that. */
  endVisit(): void;
  /** This instance's number; 0 if it is no participant. */
  participantNumber(): number;
  /** How many numbers participants have had. */
  participants(): number;
  /** Recovers all participants of a thread that has ended. Returns how many. */
  releaseThread(thread: number): number;
  /** Asks the host whose threads have ended, and recovers their participants. Returns how many. */
  releaseGone(): number;
  /** How many are known to be dead and not recovered yet. */
  unrecovered(): number;
}

/** The exports that tell the two numbers of a participant's thread. @internal */
export interface ThreadNames {
  threadOf(number: number): number;
  osThreadOf(number: number): number;
}

/** One thread's use of one shared memory. @internal */
export interface Member {
  readonly memory: WasmMemory;
  /** May be called in the middle of other calls. */
  readonly names: ThreadNames;
  /** Called between calls only. */
  exports: Membership;
}

/**
 * How this thread tells others who it is, and notices that one of them has ended.
 *
 * @internal
 */
export interface ThreadEnds {
  /** Makes the member a participant whose end others notice. Returns what the export `attach` returned. */
  attach(member: Member, mayWait: number): number;
  /** From now on this thread recovers those of the member's fellow participants whose threads end. */
  watch(member: Member): void;
  /** Just before the member is detached. */
  leave(member: Member): void;
  /**
   * Ends what `attach` and `watch` began, after the member was detached or given up.
   *
   * @param wasGivenUp whether its number may be another's by now
   */
  unwatch(member: Member, wasGivenUp: boolean): void;
  /**
   * Recovers participants whose threads have ended, as far as can be found out at once. `mustKnow` asks each time, of all;
   * it is for what is done seldom.
   */
  recoverEnded(member: Member, mustKnow?: boolean): void;
  /**
   * Whether a participant's thread has certainly ended. For those who wait for it, and may ask often.
   *
   * @param ticket of the number, as the asker saw it. False if the number is another thread's by now.
   */
  isGone(member: Member, number: number, ticket: number): boolean;
  /** Whether a participant's thread has ended; undefined if nobody knows. Asks each time. */
  hasEnded(member: Member, number: number): boolean | undefined;
  /** The engine's id of a participant's thread, if it has one that programs see. */
  threadId(member: Member, number: number): number | undefined;
}
