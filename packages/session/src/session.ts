/*
 * One thread's use of one structure: an instance of the structure's code over its memory, and the
 * instance's participant in the region.
 *
 * Lifetime. `close` gives the participant back, or the garbage collection of this object, whichever
 * comes first, where the engine tells of that. What a program holds (a map, its iterators) holds
 * this object. This object and the registry hold the instance's functions, which do not refer back
 * to it. So a structure that is dropped without `close` is given back once its last iterator is
 * gone too. The engine frees the memory once no thread holds it or a handle.
 *
 * Interrupted calls. A call that is interrupted ends the participant (guard.ts of @masstree/wasm),
 * not this object: the next operation attaches again, with new scratch areas. So every operation
 * looks up here what belongs to a participant, after `checkOpen`.
 *
 * Views. The scratch areas lie in the participant's descriptor, which exists before the views over
 * them and never moves. So the views stay valid when the memory grows: growing a shared memory does
 * not change older views. Only blocks that were allocated later can lie beyond the view over the
 * whole memory; then `reach` makes a new one.
 */
import {
  MassTreeBadHandleError,
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeFullError,
  MassTreeTooManyParticipantsError,
} from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import {
  guard,
  instantiate,
  Life,
  mayWait,
  requireStack,
  type WasmMemory,
  type WasmModule,
} from "@masstree/wasm";
import { teller } from "./diagnostics.ts";
import {
  FULL,
  KEY_SCRATCH_BYTES,
  MAX_PARTICIPANTS,
  OK,
  RESULT_SCRATCH_BYTES,
  type SessionExports,
  TOO_MANY,
} from "./exports.ts";
import { type ParticipantStats, participantsOf } from "./participants.ts";
import type { Member } from "./thread-ends/interface.ts";
import { recoverOrRetry } from "./thread-ends/retry-recovery.ts";
import { threadEnds } from "./thread-ends.ts";
import { Views } from "./views.ts";

/** What messages call a structure, as in "This map was closed". */
export interface Wording {
  /** As in "map". */
  readonly noun: string;
  /** The option that limits its memory, as in "maxBytes". */
  readonly limit: string;
}

/** Functions that a structure's code imports as `host`, by name. */
export type HostImports = Readonly<Record<string, (...args: number[]) => number>>;

/**
 * One thread's use of one structure.
 *
 * An operation writes its arguments where the structure reads them, calls one of `exports`, and
 * reads the result from `result`. No code of the caller may run until then: it could begin another
 * operation or close the structure. Run such code before. Afterwards the scratch areas are free for
 * the next operation.
 */
export class Session<Exports extends SessionExports = SessionExports> {
  readonly memory: WasmMemory;
  /** The structure's operations. */
  exports!: Exports;
  /** Where keys are written: KEY_SCRATCH_BYTES. */
  key!: Uint8Array;
  /** Where the far bound of a range is written: KEY_SCRATCH_BYTES. */
  bound!: Uint8Array;
  /** Arguments and results: RESULT_SCRATCH_BYTES. */
  result!: Views;
  /** The whole memory, as large as it was when last checked: see `reach`. */
  all!: Views;
  readonly #module: WasmModule;
  readonly #host: HostImports;
  readonly #wording: Wording;
  #member!: Member;
  #life!: Life;
  #closed = false;

  /**
   * Becomes a participant of an existing region.
   *
   * @param module the structure's compiled code
   * @param memory holds a region whose header was checked
   * @param wording for messages
   * @param layOut lays out a region in a new memory, and returns the status of that: `OK`, or nothing fits
   * @param host what the code imports as `host` beside what every structure does. These functions run in the middle
   *   of a call: they must not throw, nor call any structure
   * @throws MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) if a new participant does not fit, MassTreeBadHandleError
   *   (`MASSTREE_BAD_HANDLE`) if the region does not hold the structure after all
   */
  constructor(
    module: WasmModule,
    memory: WasmMemory,
    wording: Wording,
    layOut?: (exports: Exports) => number,
    host: HostImports = {},
  ) {
    this.memory = memory;
    this.#module = module;
    this.#host = host;
    this.#wording = wording;
    this.#join(layOut);
  }

  /**
   * Becomes a participant through a new instance of the code, and recovers those that have ended.
   * Throws like the constructor; then nothing has changed.
   */
  #join(layOut?: (exports: Exports) => number): void {
    requireStack();
    settle();
    const { exports: unguarded, member } = instantiateStructure<Exports>(
      this.#module,
      this.memory,
      this.#host,
      this.#wording.noun,
    );
    if (layOut !== undefined) check(layOut(unguarded) === OK ? OK : FULL, this.#wording, true);
    const life = new Life(unguarded.abandon);
    const exports = guard(unguarded, life);
    member.exports = exports;
    const remains = { member, life };
    unsettled = remains;
    let attached = false;
    try {
      check(threadEnds.attach(member, mayWait() ? 1 : 0), this.#wording, layOut !== undefined);
      attached = true;
      const buffer = wholeBuffer(this.memory);
      const key = new Uint8Array(buffer, exports.keyScratch() >>> 0, KEY_SCRATCH_BYTES);
      const bound = new Uint8Array(buffer, exports.boundScratch() >>> 0, KEY_SCRATCH_BYTES);
      const result = new Views(buffer, exports.resultScratch() >>> 0, RESULT_SCRATCH_BYTES);
      const all = new Views(buffer, 0, buffer.byteLength);
      threadEnds.watch(member);
      registry?.register(this, remains, this);
      this.exports = exports;
      this.key = key;
      this.bound = bound;
      this.result = result;
      this.all = all;
      this.#member = member;
      this.#life = life;
    } catch (error) {
      // Nobody else can close this participant.
      if (attached) leave(remains);
      throw error;
    } finally {
      unsettled = undefined;
    }
  }

  /**
   * Whether an operation of several calls is running: set it before the first call, and clear it
   * after the last. No code of the caller may run meanwhile.
   */
  get holding(): boolean {
    return this.#life.holding;
  }

  set holding(holding: boolean) {
    this.#life.holding = holding;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Gives the participant back. Does nothing the second time. */
  close(): void {
    if (this.#closed) return;
    requireStack();
    settle();
    const remains = { member: this.#member, life: this.#life };
    unsettled = remains;
    this.#closed = true;
    try {
      registry?.unregister(this);
      leave(remains);
    } finally {
      // So that one look tells whether operations go on.
      this.#life.end();
      unsettled = undefined;
    }
  }

  /**
   * The first step of every operation.
   *
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`); what the constructor throws, if a call was
   *   interrupted and there is no room for another participant
   */
  checkOpen(): void {
    if (this.#life.isOver) this.#rejoin();
  }

  /** Becomes a new participant, after a call was interrupted; not after `close`. */
  #rejoin(): void {
    if (this.#closed) {
      throw new MassTreeClosedError(
        `This ${this.#wording.noun} was closed in this thread. To use it again, attach to the handle that other threads have.`,
      );
    }
    settle();
    // Until its end was seen to, also if this is interrupted and this object never used again.
    unsettled = { member: this.#member, life: this.#life };
    registry?.unregister(this);
    // First: attaching may have to wait for a lock that the old participant holds.
    settle();
    this.#join();
  }

  /**
   * Views of the memory from address 0 to `end`, exclusive, or beyond; something is allocated in
   * the byte before `end`. Usually one comparison. Earlier results stay valid, but may end before
   * `end`.
   */
  reach(end: number): Views {
    return end <= this.all.bytes.length ? this.all : this.#grown(end);
  }

  #grown(end: number): Views {
    const { buffer: known } = this.memory;
    const buffer = known.byteLength < end ? wholeBuffer(this.memory) : known;
    this.all = new Views(buffer, 0, buffer.byteLength);
    return this.all;
  }

  /**
   * Who uses the structure, and who is known to have ended and is not recovered yet. Recovers first whoever can be
   * seen to have ended. O(participants).
   */
  participants(): ParticipantStats[] {
    this.checkOpen();
    settle();
    threadEnds.recoverEnded(this.#member);
    return participantsOf(this.exports, this.#member);
  }

  /**
   * Recovers participants whose threads can be seen to have ended: for a thread that waits for others, and so holds up
   * nobody who would notice. Asks no more often than it must, so that it may be called again and again.
   */
  lookForEnded(): void {
    this.checkOpen();
    settle();
    threadEnds.recoverEnded(this.#member);
  }

  /** Recovers every participant whose thread has ended, before the structure is verified. */
  recoverGone(): void {
    settle();
    threadEnds.recoverEnded(this.#member, true);
  }

  /**
   * Recovers a participant whose thread has ended without closing the structure: finishes or rolls
   * back its write, and gives back what it held.
   *
   * It is done when this returns. One exception: a lock that it needs is held by another thread
   * that may have ended, too. Then the recovery is repeated from the event loop until it succeeds.
   * O(what it held).
   *
   * @param participant the other thread's number, 1 to 248
   * @returns whether there was something to recover
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is this session's own number, not
   *   the number of a participant, or that of a thread that is known to run
   */
  release(participant: number): boolean {
    this.checkOpen();
    const { exports } = this;
    const { noun } = this.#wording;
    if (!Number.isInteger(participant) || participant < 1 || participant > MAX_PARTICIPANTS) {
      throw new MassTreeBadOptionError(
        `'release' takes the 'participant' of another thread's ${noun}, 1 to ${MAX_PARTICIPANTS}, not ${describe(participant)}.`,
      );
    }
    if (participant === exports.participantNumber()) {
      throw new MassTreeBadOptionError(
        `Participant ${participant} is this ${noun} itself. Call 'close' instead.`,
      );
    }
    if (threadEnds.hasEnded(this.#member, participant) === false) {
      throw new MassTreeBadOptionError(
        `The thread of participant ${participant} still runs. Let it close its ${noun}, or terminate it first.`,
      );
    }
    return recoverOrRetry(exports, () => exports.release(participant)) !== 0;
  }
}

/**
 * A buffer over the whole memory. If another thread has grown the memory, engines may return the
 * old buffer until this thread grows it as well, if only by 0 pages.
 */
function wholeBuffer(memory: WasmMemory): ArrayBufferLike {
  memory.grow(0);
  return memory.buffer;
}

/** An instance that is no participant yet. */
interface Entrance<Exports> {
  readonly exports: Exports;
  readonly member: Member;
}

/** An instance of a structure's code over a memory, with the imports that every structure has. */
function instantiateStructure<Exports extends SessionExports>(
  module: WasmModule,
  memory: WasmMemory,
  host: HostImports,
  noun: string,
): Entrance<Exports> {
  // A thread that waits or attaches asks: has a participant's thread certainly ended?
  const isGone = (number: number, ticket: number) =>
    threadEnds.isGone(member, number, ticket) ? 1 : 0;
  const tell = teller(memory, noun, now);
  const exports: Exports = instantiate<Exports>(module, memory, {
    host: { ...host, isGone, now, tell },
  });
  const member: Member = { memory, names: exports, exports };
  return { exports, member };
}

// Kept here, because tests with their own clocks replace Date.now.
const { now } = Date;

function check(status: number, { noun, limit }: Wording, isNew: boolean): void {
  switch (status) {
    case OK:
      return;
    case FULL:
      throw new MassTreeFullError(
        isNew
          ? `Not even an empty ${noun} fits in '${limit}'. Make it larger: a MiB is enough for most.`
          : `The ${noun} has reached its '${limit}' and has no room for another participant. Delete entries, or create it with a larger '${limit}'.`,
      );
    case TOO_MANY:
      throw new MassTreeTooManyParticipantsError(
        `Too many participants are attached to this memory. Close each ${noun} that is no longer used, and attach once per thread.`,
      );
    default:
      throw new MassTreeBadHandleError(`The handle's memory holds no ${noun}.`);
  }
}

/** What is left of a participant whose object was collected. */
interface Remains {
  readonly member: Member;
  readonly life: Life;
}

/** Engines without one (workerd until 2025) keep the participant of an object that was dropped until the thread ends. */
const registry: FinalizationRegistry<Remains> | undefined =
  typeof FinalizationRegistry === "function" ? new FinalizationRegistry(leave) : undefined;

/**
 * The participant of this thread that is being made or given back. A timeout of node:vm runs no `catch` and no
 * `finally`: if it is still here when another begins, it was interrupted, and no object is left that could end it.
 */
let unsettled: Remains | undefined;

/** Leaves the participant that a timeout has interrupted, if there is one, to those who recover it. */
function settle(): void {
  const remains = unsettled;
  if (remains === undefined) return;
  remains.life.giveUp();
  threadEnds.unwatch(remains.member, true);
  unsettled = undefined;
}

/** Gives a participant back. If a call of it was interrupted, leaves it to those who recover it. */
function leave({ member, life }: Remains): void {
  if (!life.isOver) threadEnds.leave(member);
  try {
    if (life.isOver) life.giveUp();
    else member.exports.detach();
  } finally {
    threadEnds.unwatch(member, life.isOver);
  }
}
