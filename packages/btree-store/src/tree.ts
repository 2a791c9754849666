import { copyBytes } from "@masstree/key";
import type { Core } from "./core.ts";
import {
  FAILED,
  GET_ABSENT,
  GET_FAILED,
  INSERTED,
  OUT_CHAIN,
  OUT_LENGTH,
  OUT_ROOT,
  REMOVED,
  VALUE_AT,
} from "./generated/store-exports.ts";
import type { ChainRef } from "./node-pages.ts";

const buffer = /* @__PURE__ */ new Uint8Array(32768);
const words = /* @__PURE__ */ new Uint32Array(buffer.buffer);

/** Up to this many bytes, a loop is faster than creating a view and copying through it. */
const SHORT_BYTES = 256;

/** What `Tree.fetch` has read, from index 0: valid until the next call of it. */
export let fetched: Uint8Array = buffer;

/** Gives bytes as if `Tree.fetch` had read them, and returns their length. */
export function give(bytes: Uint8Array): number {
  fetched = bytes;
  return bytes.length;
}

/**
 * One tree of the file, as a transaction or a snapshot sees it. Keys are in the session's key scratch, values are
 * bytes. No code of a caller runs in here.
 */
export class Tree {
  readonly core: Core;
  /** The root page, 0 if the tree is empty. */
  root: number;
  /** How many entries it has. */
  size: number;
  /** Counts the changes. */
  version = 0;
  /** Chains may be of commits up to this one. */
  readonly newest: number;

  constructor(core: Core, root: number, size: number, newest: number) {
    this.core = core;
    this.root = root;
    this.size = size;
    this.newest = newest;
  }

  /**
   * Reads the value of the key in the key scratch, into `fetched`.
   *
   * @returns its length, or -1 if there is none
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  fetch(keyLength: number): number {
    const { core, root } = this;
    const { exports, result } = core.memory.open();
    const length = exports.get(root, keyLength);
    if (length >= 0) {
      fetched = buffer;
      if (length > SHORT_BYTES) buffer.set(result.bytes.subarray(VALUE_AT, VALUE_AT + length));
      // By words: up to 3 bytes more than there are.
      else for (let i = 0; 4 * i < length; i++) words[i] = result.u32[VALUE_AT / 4 + i]!;
      return length;
    }
    if (length === GET_ABSENT) return -1;
    if (length === GET_FAILED) throw core.memory.fault();
    return this.fetchChain(result.u32[OUT_CHAIN]!, result.u32[OUT_LENGTH]!);
  }

  /** Reads a chain into `fetched`, and returns its length. */
  fetchChain(first: number, length: number): number {
    fetched = this.core.chains.read(first, length, this.newest);
    return length;
  }

  /**
   * Finds the value of the key in the key scratch, without reading a chain.
   *
   * @returns the chain; a short value's bytes; undefined if there is none. Throws as `fetch`
   */
  locate(keyLength: number): ChainRef | Uint8Array | undefined {
    const { exports, result } = this.core.memory.open();
    const length = exports.get(this.root, keyLength);
    if (length >= 0) return result.bytes.slice(VALUE_AT, VALUE_AT + length);
    if (length === GET_ABSENT) return undefined;
    if (length === GET_FAILED) throw this.core.memory.fault();
    return { first: result.u32[OUT_CHAIN]!, length: result.u32[OUT_LENGTH]! };
  }

  /** Whether the key in the key scratch is there. */
  has(keyLength: number): boolean {
    const found = this.core.memory.open().exports.has(this.root, keyLength);
    if (found === GET_FAILED) throw this.core.memory.fault();
    return found !== 0;
  }

  /**
   * Sets the value of the key in the key scratch. `Core.prepare` comes first. If it throws, the transaction can only be
   * rolled back.
   *
   * @param source the value, from index 0
   * @throws StoreCorruptError (`STORE_CORRUPT`), StoreTooLargeError (`STORE_TOO_LARGE`), StoreFullError (`STORE_FULL`),
   *   StoreFailedError (`STORE_FAILED`)
   */
  put(keyLength: number, source: Uint8Array, length: number): void {
    const { core } = this;
    const { memory } = core;
    let chain = 0;
    // The exact limit is the module's; a page of 4 KiB has room for this in any case.
    if (keyLength + length > 512 && memory.open().exports.mustChain(keyLength, length) !== 0) {
      chain = core.chains.write(source, length, core.nextCommit);
    }
    if (chain === 0) copyBytes(source, 0, length, memory.open().result.bytes, VALUE_AT);
    this.putChain(keyLength, length, chain);
  }

  /** The same for a value that was written as a chain; or is where the module reads it, if that is 0. */
  putChain(keyLength: number, length: number, chain: number): void {
    const { memory } = this.core;
    const { exports, result } = memory.open();
    const outcome = exports.put(this.root, keyLength, length, chain);
    if (outcome === FAILED) throw memory.fault();
    this.#changed(result.u32);
    if (outcome === INSERTED) this.size++;
  }

  /** Removes the key in the key scratch; whether it was there. Otherwise as `put`. */
  remove(keyLength: number): boolean {
    const { memory } = this.core;
    const { exports, result } = memory.open();
    const outcome = exports.remove(this.root, keyLength);
    if (outcome === FAILED) throw memory.fault();
    if (outcome !== REMOVED) return false;
    this.#changed(result.u32);
    this.size--;
    return true;
  }

  /**
   * Copies the pages on the way to the key in the key scratch to other places, and chains of their keys that reach behind a
   * page. Otherwise as `put`.
   */
  touch(keyLength: number, cutoff: number): void {
    const { memory } = this.core;
    const { exports, result } = memory.open();
    if (exports.touch(this.root, keyLength, cutoff) === FAILED) throw memory.fault();
    this.root = result.u32[OUT_ROOT]!;
    this.version++;
  }

  #changed(out: Uint32Array): void {
    this.root = out[OUT_ROOT]!;
    this.version++;
    const chain = out[OUT_CHAIN]!;
    if (chain !== 0) this.core.freeChain(chain, out[OUT_LENGTH]!);
  }
}
