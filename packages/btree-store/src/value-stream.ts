/*
 * Values that are longer than one wants to have in memory: read and written a part at a time.
 */
import { MassTreeBadValueError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { byteCount, copyBytes, isBytes, lostBytes } from "@masstree/key";
import type { ChainReader } from "./chain-reader.ts";
import type { ChainWriter } from "./chain-writer.ts";
import type { Context } from "./context.ts";
import { StoreEndedError } from "./errors.ts";
import { PAGE_HEAD } from "./generated/store-exports.ts";
import { MAX_VALUE_BYTES } from "./limits.ts";
import type { ChainRef } from "./node-pages.ts";
import type { Tree } from "./tree.ts";

/**
 * The bytes of a value, a part at a time: what `getStream` returns. Each iteration begins anew, and holds one part in memory.
 * Like an iterator of entries it lasts as long as its transaction or its snapshot: then its steps throw `STORE_ENDED`. Each
 * part is a new array, of up to about 64 KiB.
 */
export interface ValueStream extends Iterable<Uint8Array<ArrayBuffer>> {
  /** How many bytes all parts have together. */
  readonly byteLength: number;
}

/** About how many bytes a part has. */
const PART_BYTES = 65_536;
/** How many bytes are collected before they are written. */
const BUFFER_BYTES = 262_144;

/** A value that is in memory, as a stream of one part. */
export function streamOfBytes(context: Context, bytes: Uint8Array): ValueStream {
  return {
    byteLength: bytes.length,
    *[Symbol.iterator]() {
      context.check();
      if (bytes.length > 0) yield new Uint8Array(bytes);
    },
  };
}

/**
 * A value of a tree as a stream.
 *
 * @param key its key, which the stream keeps
 * @returns undefined if there is none
 * @throws StoreCorruptError (`STORE_CORRUPT`)
 */
export function streamOfTree(
  context: Context,
  tree: Tree,
  key: Uint8Array,
): ValueStream | undefined {
  const found = locate(tree, key);
  if (found === undefined) return undefined;
  if (found instanceof Uint8Array) return streamOfBytes(context, found);
  return {
    byteLength: found.length,
    [Symbol.iterator]: () => parts(context, tree, key, found),
  };
}

function locate(tree: Tree, key: Uint8Array): ChainRef | Uint8Array | undefined {
  tree.core.memory.open().key.set(key);
  return tree.locate(key.length);
}

function* parts(
  context: Context,
  tree: Tree,
  key: Uint8Array,
  chain: ChainRef,
): Generator<Uint8Array<ArrayBuffer>, undefined, unknown> {
  const { chains, memory } = tree.core;
  const payload = memory.pageBytes - PAGE_HEAD;
  const partBytes = payload * Math.max(1, Math.floor(PART_BYTES / memory.pageBytes));
  let reader: ChainReader | undefined;
  let version = -1;
  while (reader === undefined || reader.left > 0) {
    context.check();
    if (version !== tree.version) {
      // The pages of a chain that the transaction has written and replaced may be others by now.
      const now = locate(tree, key);
      if (now === undefined || now instanceof Uint8Array || now.first !== chain.first) {
        throw new StoreEndedError("The value that this stream reads was changed. Get it again.");
      }
      version = tree.version;
    }
    reader ??= chains.reader(chain.first, chain.length, tree.newest);
    const part = new Uint8Array(Math.min(reader.left, partBytes));
    for (let at = 0; at < part.length; ) at += reader.read(part, at);
    yield part;
  }
}

/**
 * Calls `take` for each part of a source, after checking it.
 *
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) for anything but parts, or too many bytes; what the source throws
 */
function eachPart(source: Iterable<Uint8Array>, take: (part: Uint8Array, length: number) => void) {
  if (typeof source !== "object" || source === null || !(Symbol.iterator in source)) {
    const isAsync = typeof source === "object" && source !== null && Symbol.asyncIterator in source;
    throw new MassTreeBadValueError(
      isAsync
        ? "A transaction is synchronous, so it cannot wait for the parts of this source. Collect them first, in a file or in memory."
        : `'setStream' takes an iterable of Uint8Arrays, not ${describe(source)}.`,
    );
  }
  let total = 0;
  for (const part of source) {
    if (!isBytes(part)) {
      throw new MassTreeBadValueError(
        `'setStream' takes an iterable of Uint8Arrays, and one of its parts is ${describe(part)}.${isBytes(source) ? " Pass [bytes], or use 'set'." : ""}`,
      );
    }
    const length = byteCount(part);
    if (length === 0 && lostBytes(part) !== undefined) {
      throw new MassTreeBadValueError("A part's bytes are gone: its buffer was transferred away.", {
        cause: lostBytes(part),
      });
    }
    total += length;
    if (total > MAX_VALUE_BYTES) {
      throw new MassTreeBadValueError("A value has at most 1 GiB, and this stream more.");
    }
    take(part, length);
  }
}

/** Collects a source in memory. Throws as `setStreamIn`. */
export function collect(source: Iterable<Uint8Array>): Uint8Array {
  let bytes = new Uint8Array(1024);
  let total = 0;
  eachPart(source, (part, length) => {
    if (total + length > bytes.length) {
      const larger = new Uint8Array(Math.max(2 * bytes.length, total + length));
      larger.set(bytes.subarray(0, total));
      bytes = larger;
    }
    copyBytes(part, 0, length, bytes, total);
    total += length;
  });
  return bytes.subarray(0, total);
}

/**
 * Sets a value to the bytes of a source, in a transaction that writes. What of them does not fit in a buffer is in the file
 * before the source ends. If it throws, nothing has changed.
 *
 * @param key its key; the source may run code that uses the transaction
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`), what the source throws; as `WriteTransaction.set`
 */
export function setStreamIn(
  context: Context,
  tree: Tree,
  key: Uint8Array,
  source: Iterable<Uint8Array>,
): void {
  const sink = new Sink(context);
  try {
    eachPart(source, (part, length) => {
      context.check();
      sink.add(part, length);
    });
    context.check();
    sink.setValue(tree, key);
  } finally {
    sink.end();
  }
}

/** Where the parts of a value go: a buffer, and a chain once that is full. */
class Sink {
  readonly #context: Context;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #writer: ChainWriter | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  add(part: Uint8Array, length: number): void {
    for (let at = 0; at < length; ) {
      const count = Math.min(length - at, BUFFER_BYTES - this.#filled);
      copyBytes(part, at, at + count, this.#buffer, this.#filled);
      at += count;
      this.#filled += count;
      if (this.#filled === BUFFER_BYTES) this.#context.change(() => this.#flush());
    }
  }

  #flush(): void {
    const { core } = this.#context;
    this.#writer ??= core.chains.begin(core.nextCommit);
    const end = this.#writer.write(this.#buffer, 0, this.#filled, false);
    this.#buffer.copyWithin(0, end, this.#filled);
    this.#filled -= end;
  }

  setValue(tree: Tree, key: Uint8Array): void {
    this.#context.change(() => {
      const writer = this.#writer;
      writer?.write(this.#buffer, 0, this.#filled, true);
      const chain = writer?.finish();
      tree.core.memory.open().key.set(key);
      if (chain === undefined) tree.put(key.length, this.#buffer, this.#filled);
      else tree.putChain(key.length, writer!.length, chain);
      this.#writer = undefined;
    });
  }

  /** Gives back what was written, unless it has become a value. */
  end(): void {
    if (this.#writer !== undefined && this.#context.core.isIntact) this.#writer.abandon();
  }
}
