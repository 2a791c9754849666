import { MassTreeBadValueError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { byteCount, byteView, isBytes, lostBytes } from "@masstree/key";
import {
  type MemoryOptions,
  SharedStructure,
  type StructureKind,
} from "@masstree/session/structure";
import { wasm } from "./generated/shared-stack.ts";
import * as stack from "./generated/stack-exports.ts";

/** How much there was on a stack at one moment. */
export interface StackStats {
  /** How many values. */
  readonly size: number;
  /** How many bytes they had. */
  readonly bytes: number;
}

const kind: StructureKind = {
  className: "SharedStack",
  noun: "stack",
  layout: stack.STACK_LAYOUT,
  code: wasm,
};

/**
 * One thread's use of a stack in shared memory, whose values are bytes. All threads that have it open may use it at
 * once: every operation takes effect at one moment during its call. If its thread is terminated in the middle, it takes
 * effect as a whole or not at all.
 */
export class SharedStack extends SharedStructure<stack.StackExports> {
  /**
   * Creates an empty stack.
   *
   * @param options `maxBytes`, which the stack never exceeds, and `initialBytes`
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if not even an empty
   *   stack fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  static create(options: MemoryOptions = {}): SharedStack {
    return new SharedStack(kind, { options, layOut: ({ create }, pages) => create(pages) });
  }

  /**
   * Opens a stack that another thread created.
   *
   * @param handle the stack's `handle`, as the other thread sent it
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) if it is not the handle of a stack, MassTreeFullError
   *   (`MASSTREE_FULL`) or MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`) if there is no room for
   *   another participant
   */
  static attach(handle: unknown): SharedStack {
    return new SharedStack(kind, { handle });
  }

  /**
   * Puts a copy of a value on top. O(its bytes).
   *
   * @param value up to 135,168 bytes
   * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) if it is not a Uint8Array, is longer or has lost its buffer; MassTreeFullError
   *   (`MASSTREE_FULL`). Then nothing has changed
   */
  push(value: Uint8Array): void {
    const bytes = checkedBytes(value);
    this.reclaimIfFull(({ exports, result }) => {
      result.bytes.set(bytes);
      return exports.push(bytes.length);
    });
  }

  /** Takes the newest value off; undefined if there is none. Each value goes to one caller. O(its bytes). */
  pop(): Uint8Array | undefined {
    const { exports, result } = this.open();
    const length = exports.pop();
    return length === stack.EMPTY ? undefined : result.bytes.slice(0, length);
  }

  /** A copy of the newest value, which stays; undefined if there is none. Takes no lock. O(its bytes). */
  peek(): Uint8Array | undefined {
    return this.#newest(1)[0];
  }

  /** How many values there are. Takes no lock. O(1). */
  get size(): number {
    return this.stats().size;
  }

  /** How many values there are, and how many bytes they have. Takes no lock. O(1). */
  stats(): StackStats {
    const { exports, result } = this.open();
    exports.measure();
    const bytes = Number(result.u64[stack.MEASURED_BYTES / 8]);
    return { size: result.u32[stack.MEASURED_SIZE / 4]!, bytes };
  }

  /** Copies of all values as they were at one moment, the newest first. Takes no lock. O(all bytes). */
  toArray(): Uint8Array[] {
    return this.#newest(Infinity);
  }

  /** Iterates over `toArray()`. */
  [Symbol.iterator](): IterableIterator<Uint8Array> {
    return this.toArray().values();
  }

  #newest(limit: number): Uint8Array[] {
    return this.pinned(({ exports, result }) => {
      const values: Uint8Array[] = [];
      let block = exports.top();
      for (; block !== 0 && values.length < limit; block = exports.below(block)) {
        values.push(result.bytes.slice(0, exports.copy(block)));
      }
      return values;
    });
  }
}

/**
 * A value's bytes, before anything changes. The module trusts their length: it is what the engine says, because the
 * value's own `length` may be anything.
 */
function checkedBytes(value: unknown): Uint8Array {
  if (!isBytes(value)) throw badValue(describe(value));
  const cause = lostBytes(value);
  if (cause !== undefined) throw badValue("one whose buffer was transferred", { cause });
  const length = byteCount(value);
  if (length > stack.MAX_VALUE_BYTES) throw badValue(`of ${length}`);
  return byteView(value, 0, length);
}

function badValue(got: string, options?: { cause: unknown }): MassTreeBadValueError {
  const wanted = `A value is a Uint8Array of up to ${stack.MAX_VALUE_BYTES} bytes`;
  return new MassTreeBadValueError(`${wanted}, not ${got}.`, options);
}
