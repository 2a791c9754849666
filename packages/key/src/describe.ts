import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import type { KeyKind } from "./codec.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { isBytes } from "./is-bytes.ts";

/** The error for a key of a type that is not the codec's. */
export function wrongType(needed: NamedKind, key: unknown): MassTreeBadKeyError {
  const other = kindOf(key);
  const advice =
    other === undefined
      ? "Convert it first."
      : `Convert it first, or create the map with { key: "${other}" }.`;
  return new MassTreeBadKeyError(
    `This map needs ${names[needed]} as a key, not ${what(key)}. ${advice}`,
  );
}

/** The error for a key of more than `MAX_KEY_BYTES` bytes. */
export function tooLong(): MassTreeKeyTooLongError {
  return new MassTreeKeyTooLongError(
    `A key may have at most ${MAX_KEY_BYTES} bytes, and this one has more. Shorten it, for example to its start plus a hash of the rest.`,
  );
}

/** The error for bytes that no key of this kind encodes to. */
export function notEncoded(
  kind: NamedKind,
  reason: string,
  options?: ErrorOptions,
): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    `These bytes are not ${names[kind]} key: ${reason}. Decode only what the same codec encoded.`,
    options,
  );
}

/** Throws if there are more than `MAX_KEY_BYTES` bytes from `start` to `end`. */
export function requireLength(kind: NamedKind, start: number, end: number): void {
  const length = end - start;
  if (length <= MAX_KEY_BYTES) return;
  throw notEncoded(kind, `there are ${length} of them, more than ${MAX_KEY_BYTES}`);
}

/** The kinds of key that messages know. */
export type NamedKind = KeyKind | "date" | "uuid" | "descending" | "tuple" | "list" | "mixed";

const names: Record<NamedKind, string> = {
  string: "a string",
  bytes: "a Uint8Array",
  number: "a number",
  bigint: "a bigint",
  date: "a Date",
  uuid: "a UUID",
  descending: "a descending",
  tuple: "a tuple",
  list: "a list",
  mixed: "a mixed",
};

function kindOf(key: unknown): KeyKind | undefined {
  if (typeof key === "string" || typeof key === "number" || typeof key === "bigint") {
    return typeof key as KeyKind;
  }
  return isBytes(key) ? "bytes" : undefined;
}

/** A value that is no key, for messages. Runs no code of it. */
export function what(key: unknown): string {
  if (key === null || key === undefined) return String(key);
  if (typeof key !== "object") return `a ${typeof key}`;
  const name = className(key);
  return name === undefined ? "an object" : `an object of class ${name}`;
}

const LONGEST_NAME = 60;

/**
 * The name of an object's class. Reads only data properties of the prototype and of the class, so that
 * no getter runs. undefined if there is no name to show, or if the object is a proxy that throws.
 */
function className(key: object): string | undefined {
  try {
    const owner: unknown = dataProperty(Object.getPrototypeOf(key), "constructor");
    const name = typeof owner === "function" ? dataProperty(owner, "name") : undefined;
    const shown = typeof name === "string" && name !== "" && name.length <= LONGEST_NAME;
    return shown ? name : undefined;
  } catch {
    return undefined;
  }
}

function dataProperty(object: object | null, name: string): unknown {
  return object === null ? undefined : Object.getOwnPropertyDescriptor(object, name)?.value;
}
