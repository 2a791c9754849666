// Whether two keys, values or results are equal, by their contents.

/**
 * Compares by structure: primitives as `Object.is` does, arrays, bytes, dates, maps, sets and the enumerable
 * members of other objects of one class. An object with an `equals` method decides for itself.
 *
 * @throws TypeError for objects that cannot be compared: of a class, and without members
 */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const prototype: unknown = Object.getPrototypeOf(a);
  if (prototype !== Object.getPrototypeOf(b)) return false;
  if ("equals" in a && typeof a.equals === "function") return Boolean(a.equals(b));
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (ArrayBuffer.isView(a)) return sameBytes(bytesOf(a), bytesOf(b as ArrayBufferView));
  if (a instanceof ArrayBuffer) {
    return sameBytes(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  if (Array.isArray(a)) return sameLists(a, b as unknown[]);
  if (a instanceof Map || a instanceof Set) return sameLists([...a], [...(b as Set<unknown>)]);
  return sameMembers(a, b, prototype);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
  return true;
}

function sameMembers(a: object, b: object, prototype: unknown): boolean {
  const names = Object.keys(a);
  if (names.length === 0 && prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(
      `Two objects of class ${a.constructor?.name} have no members to compare. Give the class a method 'equals'.`,
    );
  }
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) => Object.hasOwn(b, name) && same(a[name as keyof typeof a], b[name as keyof typeof b]),
  );
}
