// Where a saved map goes and where it comes from.
import { MassTreeBadFileError, MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { byteCount, byteView, isBytes } from "@masstree/key";
import type { Pace } from "./pace.ts";

/** A `WritableStream` that takes bytes. */
export interface SaveTarget {
  getWriter(): TargetWriter;
}

/** A target that was opened for one map. */
export interface Destination {
  readonly target: SaveTarget;
  /** Whether it is too late to keep what was there before. */
  isDecided?(): boolean;
  /** Settled once nothing is left to be done, after an error as well. Never rejected. */
  readonly ended?: Promise<unknown>;
}

/** Its writer. */
export interface TargetWriter {
  readonly ready: Promise<unknown>;
  write(chunk: Uint8Array<ArrayBuffer>): Promise<unknown>;
  close(): Promise<unknown>;
  abort(reason?: unknown): Promise<unknown>;
}

/** A `ReadableStream` that gives bytes. */
export interface ReadableBytes {
  getReader(): SourceReader;
}

/** Its reader. */
export interface SourceReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
}

/** Where a map can be loaded from: a `ReadableStream`, or anything else that gives the bytes in pieces. */
export type LoadSource = ReadableBytes | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The writer of a target. Nobody else can write to it from now on. */
export function writerOf(target: SaveTarget): TargetWriter {
  if (typeof target?.getWriter === "function") return target.getWriter();
  throw new MassTreeBadOptionError(
    `The 'target' must be a WritableStream, or with the entry 'node' a path or a Writable as well, not ${describe(target)}.`,
  );
}

/** What the pieces of a source come from, one at a time. */
interface Pieces {
  next(): PromiseLike<Piece> | Piece;
  stop(reason: unknown): unknown;
}

interface Piece {
  readonly done?: boolean | undefined;
  readonly value?: unknown;
}

interface AnyIterator {
  next(): PromiseLike<Piece> | Piece;
  return?(): unknown;
}

function piecesOf(source: LoadSource): Pieces {
  const given = source as Partial<ReadableBytes & AsyncIterable<unknown> & Iterable<unknown>>;
  if (typeof given === "object" && given !== null && !isBytes(given)) {
    if (typeof given.getReader === "function") {
      const reader = given.getReader();
      return { next: () => reader.read(), stop: (reason) => reader.cancel(reason) };
    }
    const iterator: AnyIterator | undefined =
      given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]?.();
    if (iterator !== undefined) {
      return { next: () => iterator.next(), stop: () => iterator.return?.() };
    }
  }
  throw new MassTreeBadOptionError(
    `The 'source' must be a ReadableStream or an iterable of Uint8Arrays, or with the entry 'node' a path, not ${describe(source)}.`,
  );
}

/** So much is allocated without having seen any of it. */
const TRUSTED_BYTES = 128 * 1024;

/** The bytes of a source, from the first to the last. */
export class SourceBytes {
  readonly #pieces: Pieces;
  readonly #pace: Pace;
  #piece: Uint8Array = new Uint8Array(0);
  /** How much of the piece was taken. */
  #at = 0;
  #offset = 0;
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(TRUSTED_BYTES);

  constructor(source: LoadSource, pace: Pace) {
    this.#pieces = piecesOf(source);
    this.#pace = pace;
  }

  /** How many bytes were taken. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * The next bytes, in private memory that is written to again by the next call. Memory is taken as the bytes come:
   * a length that lies takes none.
   *
   * @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`) if there are not so many
   */
  async take(length: number): Promise<Uint8Array> {
    let taken = 0;
    while (taken < length) {
      const left = this.#piece.length - this.#at;
      if (left === 0) {
        if (!(await this.#next())) {
          throw new MassTreeBadFileError(
            `The file ends after ${this.#offset} bytes, in the middle. It was cut off, or is still being written.`,
            this.#offset,
          );
        }
        continue;
      }
      const count = Math.min(length - taken, left);
      this.#reserve(taken, taken + count);
      this.#buffer.set(this.#piece.subarray(this.#at, this.#at + count), taken);
      this.#at += count;
      this.#offset += count;
      taken += count;
    }
    return this.#buffer.subarray(0, length);
  }

  /** @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`) if there are more bytes */
  async end(): Promise<void> {
    if (this.#at === this.#piece.length && !(await this.#next())) return;
    throw new MassTreeBadFileError(
      `The map ends after ${this.#offset} bytes, but the file goes on.`,
      this.#offset,
    );
  }

  /** Tells the source that no more is wanted. Not awaited: it may be waiting for something that does not come. */
  stop(reason: unknown): void {
    try {
      Promise.resolve(this.#pieces.stop(reason)).catch(() => {});
    } catch {
      // The caller gets the first error.
    }
  }

  #reserve(used: number, wanted: number): void {
    const capacity = this.#buffer.length;
    // A buffer that grew for one long value is not kept for short ones.
    if (used === 0 && capacity > TRUSTED_BYTES) this.#buffer = new Uint8Array(TRUSTED_BYTES);
    if (wanted <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, used));
    this.#buffer = larger;
  }

  async #next(): Promise<boolean> {
    do {
      const { done, value } = await this.#pace.until(this.#pieces.next());
      if (done) return false;
      if (!isBytes(value)) {
        throw new MassTreeBadOptionError(
          `The 'source' must give Uint8Arrays, and gave ${describe(value)}.`,
        );
      }
      this.#piece = byteView(value, 0, byteCount(value));
      this.#at = 0;
    } while (this.#piece.length === 0);
    return true;
  }
}
