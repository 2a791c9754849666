/*
 * Byte arrays that came from a caller, read without running any code of the caller's.
 *
 * A `Uint8Array` may be of a subclass, whose constructor `subarray` and `slice` would call; it may have
 * properties of its own, or a prototype, that say something else about its length or its buffer. What the
 * engine itself knows of the array is behind the accessors of %TypedArray%.prototype, which are taken here
 * before anybody can replace them. Reading an element by an index within the length runs no code either.
 */
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const nameOf = accessor<string | undefined>(Symbol.toStringTag);
const countOf = accessor<number>("length");
const offsetOf = accessor<number>("byteOffset");
const bufferOf = accessor<ArrayBufferLike>("buffer");
const indexIn: (this: unknown, element: number) => number = typedArray.indexOf;

/**
 * Whether `value` is a `Uint8Array`, of whatever realm or subclass.
 *
 * For the packages of this project: maps ask it of the keys and values that they are given.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return nameOf.call(value) === "Uint8Array";
}

/**
 * How many bytes there are; 0 also when they are out of reach, see {@link lostBytes}.
 *
 * For the packages of this project.
 *
 * @param bytes for which `isBytes` is true
 */
export function byteCount(bytes: Uint8Array): number {
  return countOf.call(bytes);
}

/**
 * The bytes from `start` to before `end`, as a plain `Uint8Array` over the same memory: what `subarray` is
 * for arrays of one's own. Its length stays what it is when another thread makes the buffer longer.
 *
 * For the packages of this project.
 *
 * @param bytes for which `isBytes` is true
 * @param end at most `byteCount(bytes)`
 */
export function byteView(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bufferOf.call(bytes), offsetOf.call(bytes) + start, end - start);
}

/**
 * Why the bytes are out of reach: the buffer was transferred away, or made shorter than where they are.
 * Such an array has length 0, and would silently be taken for an empty one.
 *
 * For the packages of this project.
 *
 * @param bytes for which `isBytes` is true
 * @returns the engine's own error; undefined when the bytes are there, be there none
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
