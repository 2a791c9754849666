/*
 * Reads byte arrays that a caller passed, without running any of the caller's code.
 *
 * A `Uint8Array` may be of a subclass, and `subarray` and `slice` would call its constructor. Its own
 * properties or its prototype may lie about its length or its buffer. The accessors of
 * %TypedArray%.prototype return what the engine itself knows; they are saved here before anybody can
 * replace them. Reading an element at an index within the length runs no code either.
 */
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const nameOf = accessor<string | undefined>(Symbol.toStringTag);
const countOf = accessor<number>("length");
const offsetOf = accessor<number>("byteOffset");
const bufferOf = accessor<ArrayBufferLike>("buffer");
const indexIn: (this: unknown, element: number) => number = typedArray.indexOf;

/**
 * Whether `value` is a `Uint8Array`, of any realm or subclass.
 *
 * For the packages of this project: maps check the keys and values they are given with it.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return nameOf.call(value) === "Uint8Array";
}

/**
 * How many bytes the array has; also 0 if its bytes are lost, see {@link lostBytes}.
 *
 * For the packages of this project.
 *
 * @param bytes for which `isBytes` is true
 */
export function byteCount(bytes: Uint8Array): number {
  return countOf.call(bytes);
}

/**
 * The bytes from `start` up to but not including `end`, as a plain `Uint8Array` over the same memory:
 * a `subarray` for arrays that may not be trusted. The view keeps its length if another thread makes
 * the buffer longer.
 *
 * For the packages of this project.
 *
 * @param bytes for which `isBytes` is true
 * @param start 0 to `end`
 * @param end at most `byteCount(bytes)`
 */
export function byteView(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bufferOf.call(bytes), offsetOf.call(bytes) + start, end - start);
}

/** Up to this many bytes, a loop is faster than creating a view and copying through it. */
const SHORT_BYTES = 64;

/**
 * Copies source[start..end) to target[at..]. If the source belongs to the caller, runs no code of it.
 *
 * For the packages of this project.
 *
 * @param source for which `isBytes` is true
 * @param end at most `byteCount(source)`
 * @param target whose methods are the engine's, with room for the bytes
 */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - start > SHORT_BYTES) {
    target.set(byteView(source, start, end), at);
  } else {
    for (let i = start; i < end; i++) target[at + i - start] = source[i]!;
  }
}

/**
 * Why the bytes are lost: the buffer was transferred, or shrunk to end before them. Such an array has
 * length 0 and would silently pass for an empty one.
 *
 * For the packages of this project.
 *
 * @param bytes for which `isBytes` is true
 * @returns the engine's error; undefined if the bytes are there, even if there are none
 */
export function lostBytes(bytes: Uint8Array): unknown {
  try {
    indexIn.call(bytes, 0);
    return undefined;
  } catch (cause) {
    return cause;
  }
}

function accessor<T>(name: PropertyKey): (this: unknown) => T {
  return Object.getOwnPropertyDescriptor(typedArray, name)!.get as (this: unknown) => T;
}
