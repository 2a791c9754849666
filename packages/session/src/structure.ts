/**
 * `@masstree/session/structure`: the base of classes of shared structures. It is an entry of its own, so that a class
 * which works on a Session directly does not carry it along.
 */
import {
  MassTreeBadHandleError,
  MassTreeBadOptionError,
  MassTreeCorruptError,
  MassTreeFullError,
} from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import { type MemoryOptions, memoryPages, readHeader } from "@masstree/memory";
import {
  compileEmbedded,
  createSharedMemory,
  type WasmMemory,
  type WasmModule,
} from "@masstree/wasm";
import { FULL, type SessionExports } from "./exports.ts";
import { type Handle, readHandle } from "./handle.ts";
import type { ParticipantStats } from "./participants.ts";
import { Session } from "./session.ts";

export type { MemoryOptions };

/** What the module of a structure exports besides its operations. */
export interface StructureExports extends SessionExports {
  /** Frees what was retired, as far as others allow. */
  reclaim(): number;
  /** Checks the invariants, while nobody else uses the structure. Returns 0 or the number of the one that fails. */
  verify(): number;
}

/** What a class says about its structures. */
export interface StructureKind {
  /** The class's name. Handles carry it, and `attach` refuses those of other classes. */
  readonly className: string;
  /** What messages call a structure, as in "stack". */
  readonly noun: string;
  /** Which structure it is, in which version of its layout: what the module passes to `createStructure`. */
  readonly layout: number;
  /** The compiled code, or its bytes in hexadecimal, as `build-wasm` embeds them. Text is compiled on first use. */
  readonly code: string | WasmModule;
}

/** Where a structure comes from: it is new, or another thread sent its handle. */
export type StructureOrigin<Exports extends StructureExports> =
  | NewStructure<Exports>
  | {
      /** What the caller passed to `attach`. */
      readonly handle: unknown;
    };

/** How a new structure comes to be. */
export interface NewStructure<Exports extends StructureExports> {
  /** How large its memory is, and may become. */
  readonly options: MemoryOptions;
  /**
   * Calls the module's `create`, and returns its status.
   *
   * @param maximumPages how far the memory may grow, in pages of 64 KiB
   */
  readonly layOut: (exports: Exports, maximumPages: number) => number;
}

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: it has to be that of the class.
export interface SharedStructure<Exports extends StructureExports> extends Usable {}

/**
 * What all classes of shared structures have in common. A class adds `create`, `attach` and its operations:
 *
 * ```ts
 * class Counter extends SharedStructure<CounterExports> {
 *   static create(options: MemoryOptions = {}): Counter {
 *     return new Counter(kind, { options, layOut: ({ create }, pages) => create(pages) });
 *   }
 *
 *   static attach(handle: unknown): Counter {
 *     return new Counter(kind, { handle });
 *   }
 *
 *   next(): number {
 *     return this.open().exports.next();
 *   }
 * }
 * ```
 *
 * An object is one thread's use of a structure: a participant. Every method except `close` throws MassTreeClosedError
 * (`MASSTREE_CLOSED`) once it is closed.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export abstract class SharedStructure<Exports extends StructureExports> {
  /**
   * What other threads pass to `attach`: `postMessage` and `workerData` accept it. It outlives this object and keeps
   * the memory alive.
   */
  readonly handle: Handle;
  readonly #kind: StructureKind;
  readonly #session: Session<Exports>;

  /**
   * Opens a structure: for `create` and `attach` of a class, which pass these errors on.
   *
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if a program calls `new` itself.
   *   For `options`: MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if not
   *   even an empty structure fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`).
   *   For `handle`: MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) if it is no handle of this class, or its memory does
   *   not hold such a structure; MassTreeFullError (`MASSTREE_FULL`) or MassTreeTooManyParticipantsError
   *   (`MASSTREE_TOO_MANY_PARTICIPANTS`) if there is no room for another participant
   */
  protected constructor(kind: StructureKind, origin: StructureOrigin<Exports>) {
    if (kind === undefined || origin === undefined) {
      throw new MassTreeBadOptionError(
        "A shared structure is not made with new. Call 'create' or 'attach' of its class.",
      );
    }
    const { className, code, layout, noun } = kind;
    const isOpen = (object: object) => #kind in object && object.#kind === kind;
    const { memory, layOut } =
      "handle" in origin
        ? { memory: receivedMemory(kind, origin.handle, isOpen) }
        : newMemory(origin);
    const module = typeof code === "string" ? compileEmbedded(code) : code;
    this.#kind = kind;
    this.#session = new Session(module, memory, { noun, limit: "maxBytes" }, layOut);
    this.handle = Object.freeze({ masstree: className, layout: String(layout), memory });
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#session.closed;
  }

  /**
   * This object's participant number, from 1. Another thread passes it to `release` once it knows that this thread has
   * ended. It changes after a call of this thread was interrupted, for example by a stack overflow.
   */
  get participant(): number {
    return this.open().exports.participantNumber();
  }

  /**
   * Who uses the structure, and who is known to have ended and is not recovered yet. Recovers first whoever can be seen
   * to have ended. O(participants).
   */
  participants(): ParticipantStats[] {
    return this.#session.participants();
  }

  /**
   * Recovers a participant whose thread has ended without closing the structure: finishes or undoes its write, and
   * gives back what it held. You need it only where the platform does not tell: see "When a thread dies" in the README.
   * **Only for threads that never run again.** O(what it held).
   *
   * @param participant the other thread's number, 1 to 248
   * @returns whether there was something to recover
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is this object's own number, not the number of a
   *   participant, or that of a thread that is known to run
   */
  release(participant: number): boolean {
    return this.#session.release(participant);
  }

  /**
   * Checks every invariant, after it has recovered all ended threads. No other thread may use the structure meanwhile.
   * As fast as the module's `verify`, usually O(size).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place.check` is what the module's `verify` returned
   */
  verify(): void {
    const session = this.open();
    session.recoverGone();
    const check = session.exports.verify();
    if (check !== 0) {
      throw new MassTreeCorruptError(`An invariant of the ${this.#kind.noun} is broken.`, {
        check,
      });
    }
  }

  /**
   * Ends this thread's use of the structure. Others go on, and the memory is freed once nobody holds it. Closing twice
   * does nothing. An object that is dropped without `close` is closed some time after its garbage collection.
   */
  close(): void {
    this.#session.close();
  }

  /**
   * The session: the first step of every operation. Take `exports` and the scratch areas from it anew each time: they
   * are others after a call was interrupted.
   *
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`). After an interrupted call: MassTreeFullError (`MASSTREE_FULL`) or
   *   MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`) if there is no room for another participant
   */
  protected open(): Session<Exports> {
    this.#session.checkOpen();
    return this.#session;
  }

  /**
   * Runs an operation that may find no memory. If it does, reclaims what was retired, and runs the operation once more.
   *
   * @param operation writes its arguments, makes the call and returns its status. If that is FULL, nothing has changed.
   *   Runs no code of the caller
   * @returns the status, which is not FULL
   * @throws MassTreeFullError (`MASSTREE_FULL`) if there is no memory the second time either
   */
  protected reclaimIfFull(operation: (session: Session<Exports>) => number): number {
    const session = this.open();
    let status = operation(session);
    if (status !== FULL) return status;
    session.exports.reclaim();
    status = operation(session);
    if (status !== FULL) return status;
    throw new MassTreeFullError(
      `The ${this.#kind.noun} has reached its 'maxBytes'. Remove something, or create it with a larger 'maxBytes'.`,
    );
  }

  /**
   * Runs several calls as one operation, pinned: blocks that can be reached in it are not freed before its end. If it
   * throws, or is interrupted, this object goes on as another participant, and others recover the former one.
   *
   * @param operation makes the calls and returns copies. Runs no code of the caller
   */
  protected pinned<R>(operation: (session: Session<Exports>) => R): R {
    const session = this.open();
    session.holding = true;
    session.exports.pin();
    const result = operation(session);
    session.exports.unpin();
    session.holding = false;
    return result;
  }

  static {
    makeUsable(SharedStructure.prototype, (structure) => structure.close());
  }
}

/** A memory for a new structure, and how a session lays it out. */
function newMemory<Exports extends StructureExports>({ options, layOut }: NewStructure<Exports>) {
  const { initialPages, maximumPages } = memoryPages(options);
  return {
    memory: createSharedMemory(initialPages, maximumPages),
    layOut: (exports: Exports) => layOut(exports, maximumPages),
  };
}

/** The memory of a received handle. It holds a region; the session finds out whether the structure is in it. */
function receivedMemory(
  { className, noun, layout: own }: StructureKind,
  handle: unknown,
  isOpen: (object: object) => boolean,
): WasmMemory {
  const { layout, memory } = readHandle(handle, className, noun, [], isOpen);
  if (layout !== String(own)) {
    throw new MassTreeBadHandleError(
      `The handle has layout ${describe(layout)}, but this thread's ${className} has layout "${own}". Use the same version in all threads.`,
    );
  }
  readHeader(memory); // Throws unless it is a region.
  return memory;
}
