// The functions of `assembly/` for JavaScript: the same code, in a module with its own memory, to
// which keys are copied. They are for tools and tests; the tree does not use them.
import { MassTreeBadKeyError } from "@masstree/errors";
import { compileEmbedded, createSharedMemory, instantiate, WASM_PAGE_BYTES } from "@masstree/wasm";
import { tooLong, wrongType } from "./describe.ts";
import { wasm } from "./generated/key.ts";
import { type KeyExports, MAX_KEY_BYTES, SLICE_BYTES } from "./generated/key-exports.ts";
import { isBytes } from "./is-bytes.ts";

// Two keys, each at the start of its own page.
const first = 0;
const second = MAX_KEY_BYTES;
const pages = (2 * MAX_KEY_BYTES) / WASM_PAGE_BYTES;

interface Bench {
  readonly module: KeyExports;
  readonly memory: Uint8Array;
}

// Created by the first call, so that importing the codecs compiles nothing.
let made: Bench | undefined;

function bench(): Bench {
  if (made === undefined) {
    const memory = createSharedMemory(pages, pages);
    const module = instantiate<KeyExports>(compileEmbedded(wasm), memory);
    made = { module, memory: new Uint8Array(memory.buffer) };
  }
  return made;
}

/**
 * The slice of `key` at an offset, as a number that compares as its bytes do. Constant time.
 *
 * @param key an encoded key of any length
 * @param offset of the slice, in bytes: 0 to `key.length`
 * @returns an unsigned 64-bit number: bytes `offset` to `offset + 8` of the key, with the first byte
 *   in the highest 8 bits and zeros for bytes beyond the key's end
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if `key` is not a `Uint8Array`, or `offset` is not
 *   within it
 */
export function ikeyAt(key: Uint8Array, offset: number): bigint {
  requireBytes(key);
  requireOffset(key.length, offset);
  const { module, memory } = bench();
  memory.set(key.subarray(offset, offset + SLICE_BYTES), first);
  return BigInt.asUintN(64, module.ikeyAt(first, key.length - offset, 0));
}

/**
 * The tag of a key's slice at an offset: how many bytes the key has there, or that it continues.
 *
 * @param length of the key, in bytes
 * @param offset of the slice, in bytes: 0 to `length`
 * @returns 0 to 8 if the key ends in the slice, else `TAG_SUFFIX`
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if `offset` is not within the key
 */
export function tagOf(length: number, offset: number): number {
  requireOffset(length, offset);
  return bench().module.tagOf(length, offset);
}

/**
 * The class by which a tag is compared. `TAG_SUFFIX` and `TAG_LAYER` have the same class, because a key
 * that continues beyond its slice may be in either.
 *
 * @param tag 0 to 255
 * @returns `min(tag, TAG_SUFFIX)`
 */
export function classOf(tag: number): number {
  return bench().module.classOf(tag);
}

/**
 * Compares two slices: first the ikeys as unsigned numbers, then the classes.
 *
 * @param ikeyA unsigned 64-bit, from `ikeyAt`
 * @param classA 0 to `TAG_SUFFIX`, from `classOf`
 * @param ikeyB unsigned 64-bit, from `ikeyAt`
 * @param classB 0 to `TAG_SUFFIX`, from `classOf`
 * @returns -1, 0 or 1. With 0 and `TAG_SUFFIX` the keys agree so far, and the next slice decides.
 */
export function compareKey(ikeyA: bigint, classA: number, ikeyB: bigint, classB: number): number {
  return bench().module.compareKey(ikeyA, classA, ikeyB, classB);
}

/**
 * Writes an ikey as the 8 bytes it stands for: the inverse of `ikeyAt` for a whole slice.
 *
 * @param target has at least 8 bytes from `offset` on
 * @param offset index of the first byte to write
 * @param ikey unsigned 64-bit; its highest 8 bits are written first
 * @throws RangeError if `target` ends too early
 */
export function storeIkey(target: Uint8Array, offset: number, ikey: bigint): void {
  const { module, memory } = bench();
  module.storeIkey(first, ikey);
  target.set(memory.subarray(first, first + SLICE_BYTES), offset);
}

/**
 * Compares two keys as the map orders them: as unsigned bytes, a prefix before the longer key. Linear
 * in the shorter key, plus a copy of both.
 *
 * @returns -1, 0 or 1
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if a key is not a `Uint8Array`
 * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`) if a key has more than `MAX_KEY_BYTES`
 *   bytes
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const module = copyBoth(a, b);
  return module.compareBytes(first, a.length, second, b.length);
}

/**
 * Whether two keys have the same bytes. Linear in their length, plus a copy of both.
 *
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if a key is not a `Uint8Array`
 * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`) if a key has more than `MAX_KEY_BYTES`
 *   bytes
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const module = copyBoth(a, b);
  return a.length === b.length && module.equalBytes(first, second, a.length) !== 0;
}

function copyBoth(a: Uint8Array, b: Uint8Array): KeyExports {
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
