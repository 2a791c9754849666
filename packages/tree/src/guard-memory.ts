/*
 * Private memory of a guard, from which it makes the views that it hands out.
 *
 *     chunk       | bytes | 0 to 7 unused | bytes | ... | free |    1 KiB, each next one twice as large, up to 64 KiB
 *     long value  | bytes |                                         a chunk of its own
 *
 * Invariants
 *   VIEW1  Room is handed out once, and never again. So a view shows the bytes that it was made for, or nothing once
 *          its chunk is detached.
 *   VIEW2  Nothing reads what was handed out. It is the caller's, with all of its chunk (`view.buffer`): who writes
 *          there changes copies, and who transfers it away detaches a chunk early.
 */

import { copyBytes } from "@masstree/key";
import { copyLike } from "./copy-like.ts";

/** Bytes of the first chunk, and of the largest. */
const FIRST = 1024;
const LARGEST = 65536;
/** Longer ones get a chunk of their own, so that a chunk is never left mostly unused. */
const LONG = 16384;

const nothing = /* @__PURE__ */ new Uint8Array(0);

/** What `stats` says of a guard. It does not refer to the guard or its memory. @internal */
export class GuardAccount {
  /** When the guard was made, by the clock of clock.ts. */
  readonly since: number;
  /** Bytes of its memory. */
  bytes = 0;

  constructor(since: number) {
    this.since = since;
  }
}

/** Where a guard copies what it gives views of. For classes of maps of one's own: `view` of `MapValues`. */
export class GuardMemory {
  readonly #account: GuardAccount;
  readonly #chunks: ArrayBuffer[] = [];
  /** The bytes of all chunks. */
  #bytes = 0;
  /** The chunk that has room, and where that begins: a multiple of 8. */
  #chunk: Uint8Array = nothing;
  #next = 0;
  #size = FIRST;

  /** @internal */
  constructor(account: GuardAccount) {
    this.#account = account;
  }

  /**
   * A copy of `source[start..end)`. It begins at a multiple of 8 in its buffer; one that is long begins where `source` does
   * between two of these.
   *
   * @param source whose methods are the engine's
   */
  copy(source: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    if (length > LONG) return this.adopt(copyLike(source, start, end));
    let at = this.#next;
    // The chunk's length is 0 if the caller has transferred it away (VIEW2).
    if (at + length >= this.#chunk.length) {
      this.#addChunk(length);
      at = 0;
    }
    const chunk = this.#chunk;
    this.#next = (at + length + 7) & ~7;
    copyBytes(source, start, end, chunk, at);
    return new Uint8Array(chunk.buffer, at, length);
  }

  /** Makes the buffer of bytes that nobody else has a chunk, and returns the bytes. @internal */
  adopt(bytes: Uint8Array): Uint8Array {
    this.#chunks.push(bytes.buffer as ArrayBuffer);
    this.#count(bytes.buffer.byteLength);
    return bytes;
  }

  /** Detaches all chunks if they are larger than the largest one: for scans, when their views are no longer valid. @internal */
  recycle(): void {
    if (this.#bytes > LARGEST) this.detach();
  }

  /** Detaches all chunks: what was handed out has length 0 from now on. If it is interrupted, it can be called again. @internal */
  detach(): void {
    this.#chunk = nothing;
    this.#next = 0;
    detachAll(this.#chunks);
    this.#chunks.length = 0;
    this.#count(-this.#bytes);
  }

  /** @param length which it has room for, and a byte more */
  #addChunk(length: number): void {
    while (this.#size <= length) this.#size *= 2;
    const chunk = new Uint8Array(new ArrayBuffer(this.#size));
    this.adopt(chunk);
    this.#chunk = chunk;
    this.#size = Math.min(2 * this.#size, LARGEST);
  }

  #count(change: number): void {
    this.#bytes += change;
    this.#account.bytes += change;
  }
}

/** A buffer as engines of 2024 have it. */
type Transferable = ArrayBuffer & { transfer(length: number): unknown };

/** How a buffer can be detached. Engines without either, such as an old AudioWorklet's, empty it instead (VIEW1). */
const hasTransfer = /* @__PURE__ */ (() => "transfer" in ArrayBuffer.prototype)();
const hasClone = /* @__PURE__ */ (() => typeof structuredClone === "function")();

function detachAll(buffers: readonly ArrayBuffer[]): void {
  // The caller may have detached some.
  const attached = buffers.filter(({ byteLength }) => byteLength !== 0);
  if (attached.length === 0) return;
  if (hasTransfer) for (const buffer of attached) (buffer as Transferable).transfer(0);
  else if (hasClone) structuredClone(undefined, { transfer: attached });
  else for (const buffer of attached) new Uint8Array(buffer).fill(0);
}
