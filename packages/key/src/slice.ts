// The functions of `assembly/` for JavaScript: the same code, in a module and a memory of their
// own, to which keys are copied. For tools and tests; the tree does not come through here.
import { MassTreeBadKeyError } from "@masstree/errors";
import { compileEmbedded, createSharedMemory, instantiate, WASM_PAGE_BYTES } from "@masstree/wasm";
import { tooLong, wrongType } from "./describe.ts";
import { wasm } from "./generated/key.ts";
import { isBytes } from "./is-bytes.ts";
import { MAX_KEY_BYTES } from "./limits.ts";

/** Bytes of a key that one layer of the tree compares. */
export const SLICE_BYTES = 8;

/** Tag of an entry whose key goes on beyond its slice; tags below count the bytes in the slice. */
export const TAG_SUFFIX = 9;

/** Tag of an entry that points to the next layer. */
export const TAG_LAYER = 255;

interface KeyModule {
  ikeyAt(key: number, length: number, offset: number): bigint;
  tagOf(length: number, offset: number): number;
  classOf(tag: number): number;
  compareKey(ikeyA: bigint, classA: number, ikeyB: bigint, classB: number): number;
  storeIkey(target: number, ikey: bigint): void;
  compareBytes(a: number, aLength: number, b: number, bLength: number): number;
  equalBytes(a: number, b: number, length: number): number;
}

// Two keys, each at the start of a page or more of its own.
const first = 0;
const second = MAX_KEY_BYTES;
const pages = (2 * MAX_KEY_BYTES) / WASM_PAGE_BYTES;

interface Bench {
  readonly module: KeyModule;
  readonly memory: Uint8Array;
}

// Made at the first call, so that importing the codecs compiles nothing.
let made: Bench | undefined;

function bench(): Bench {
  if (made === undefined) {
    const memory = createSharedMemory(pages, pages);
    const module = instantiate<KeyModule>(compileEmbedded(wasm), memory);
    made = { module, memory: new Uint8Array(memory.buffer) };
  }
  return made;
}

/**
 * The slice of `key` at an offset, as a number that compares as its bytes do.
 *
 * @param key encoded; of any length
 * @param offset of the slice in bytes, 0 to `key.length`
 * @returns an unsigned 64-bit number: bytes `offset` to `offset + 8` of the key, the first one
 *   highest, zeros in the place of those beyond its end
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) when `key` is no `Uint8Array`, or `offset` is
 *   not within it
 */
export function ikeyAt(key: Uint8Array, offset: number): bigint {
  requireBytes(key);
  requireOffset(key.length, offset);
  const { module, memory } = bench();
  memory.set(key.subarray(offset, offset + SLICE_BYTES), first);
  return BigInt.asUintN(64, module.ikeyAt(first, key.length - offset, 0));
}

/**
 * How many bytes a key has in its slice at an offset, or that it goes on beyond it.
 *
 * @param length of the key in bytes
 * @param offset of the slice in bytes, 0 to `length`
 * @returns 0 to 8 when the key ends in the slice, else `TAG_SUFFIX`
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) when `offset` is not within the key
 */
export function tagOf(length: number, offset: number): number {
  requireOffset(length, offset);
  return bench().module.tagOf(length, offset);
}

/**
 * The class in which a tag is compared: `TAG_SUFFIX` and `TAG_LAYER` are one, for a key that goes
 * on beyond its slice may be in either.
 *
 * @param tag 0 to 255
 * @returns `min(tag, TAG_SUFFIX)`
 */
export function classOf(tag: number): number {
  return bench().module.classOf(tag);
}

/**
 * Compares two slices: the ikeys as unsigned numbers, then the classes.
 *
 * @param ikeyA unsigned 64-bit, from `ikeyAt`
 * @param classA 0 to `TAG_SUFFIX`, from `classOf`
 * @returns -1, 0 or 1. With 0 and `TAG_SUFFIX` the keys agree this far, and the next slice decides.
 */
export function compareKey(ikeyA: bigint, classA: number, ikeyB: bigint, classB: number): number {
  return bench().module.compareKey(ikeyA, classA, ikeyB, classB);
}

/**
 * Writes an ikey back as the 8 bytes it stands for: the inverse of `ikeyAt` for a whole slice.
 *
 * @param target has 8 bytes from `offset`
 * @param offset of the first byte to write
 * @param ikey unsigned 64-bit; its highest 8 bits are written first
 * @throws RangeError when `target` ends too early
 */
export function storeIkey(target: Uint8Array, offset: number, ikey: bigint): void {
  const { module, memory } = bench();
  module.storeIkey(first, ikey);
  target.set(memory.subarray(first, first + SLICE_BYTES), offset);
}

/**
 * Compares two keys as the map orders them: as unsigned bytes, a prefix before what it is a prefix
 * of. Linear in the shorter one, plus a copy of both.
 *
 * @returns -1, 0 or 1
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) when one is no `Uint8Array`
 * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`) when one has more than `MAX_KEY_BYTES`
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const module = copyBoth(a, b);
  return module.compareBytes(first, a.length, second, b.length);
}

/**
 * Whether two keys are the same bytes. Linear in their length, plus a copy of both.
 *
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) when one is no `Uint8Array`
 * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`) when one has more than `MAX_KEY_BYTES`
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const module = copyBoth(a, b);
  return a.length === b.length && module.equalBytes(first, second, a.length) !== 0;
}

function copyBoth(a: Uint8Array, b: Uint8Array): KeyModule {
  requireBytes(a);
  requireBytes(b);
  if (a.length > MAX_KEY_BYTES || b.length > MAX_KEY_BYTES) throw tooLong();
  const { module, memory } = bench();
  memory.set(a, first);
  memory.set(b, second);
  return module;
}

function requireBytes(key: unknown): void {
  if (!isBytes(key)) throw wrongType("bytes", key);
}

function requireOffset(length: number, offset: number): void {
  if (Number.isInteger(offset) && offset >= 0 && offset <= length) return;
  throw new MassTreeBadKeyError(
    `A slice starts within its key: pass an offset from 0 to ${length}, not ${offset}.`,
  );
}
