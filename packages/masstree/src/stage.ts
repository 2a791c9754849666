/*
 * A value on its way into the map, as bytes.
 *
 * The bytes are in `staged` from the end of one stage function to the next. All code of the caller
 * that takes part (toJSON, a codec) has run before, so nothing can interfere. `unstage` releases an
 * array that belongs to the caller; read such an array only as @masstree/key's is-bytes.ts says.
 */
import { MassTreeBadValueError } from "@masstree/errors";
import { describe, reasonOf } from "@masstree/errors/options";
import { byteCount, isBytes, isWellFormed, lostBytes, textEncoder } from "@masstree/key";

const buffer = /* @__PURE__ */ new Uint8Array(16384);

/** Where the bytes are, from index 0. */
export let staged: Uint8Array = buffer;

// Up to this many UTF-16 units, a loop is faster than a call of the engine's encoder.
const shortUnits = 48;

/**
 * Stages a value as JSON.
 *
 * @param lossy whether what JSON can only write as `null` may be written so
 * @returns the number of bytes
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`); its `cause` is what JSON.stringify threw
 */
export function stageJson(value: unknown, lossy: boolean): number {
  let text: string | undefined;
  let lost: string | undefined;
  try {
    text = JSON.stringify(value);
    // Where nothing was lost, there is mostly no null at all.
    if (!lossy && text?.includes("null")) lost = lossIn(value);
  } catch (cause) {
    throw new MassTreeBadValueError(
      `This value cannot be written as JSON: ${reasonOf(cause)}. Convert it, or create the map with { value: "structured" } or a codec of your own.`,
      { cause },
    );
  }
  if (text === undefined) {
    throw new MassTreeBadValueError(
      `JSON.stringify returns nothing for ${describe(value)}. Store null for 'no value', or call 'delete' to remove a key.`,
    );
  }
  if (lost !== undefined) {
    throw new MassTreeBadValueError(
      `JSON would write null for ${lost}. Use the option { value: "structured" }, which keeps it, or "lossy-json", if null will do.`,
    );
  }
  return stageText(text);
}

/** What the JSON text of a value has a `null` for, besides nulls. Runs the caller's code again. */
function lossIn(value: unknown): string | undefined {
  let lost: string | undefined;
  JSON.stringify(value, function (this: unknown, name, member: unknown) {
    const isNumber = typeof member === "number" && !Number.isFinite(member);
    const isHole =
      Array.isArray(this) &&
      (member === undefined || typeof member === "function" || typeof member === "symbol");
    if (isNumber || isHole) {
      lost ??= name === "" ? describe(member) : `${describe(member)} at ${describe(name)}`;
    }
    return member;
  });
  return lost;
}

/**
 * Stages a string.
 *
 * @returns the number of bytes
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) if the value is not a string, or has a lone
 *   surrogate
 */
export function stageString(value: unknown): number {
  if (typeof value !== "string") {
    throw new MassTreeBadValueError(`The values of this map are strings, not ${describe(value)}.`);
  }
  const length = stageText(value);
  if (length !== value.length && !isWellFormed(value)) {
    throw new MassTreeBadValueError(
      'A string value must be well-formed, and this one contains half of a surrogate pair. Repair it with toWellFormed(), or create the map with the codec "json".',
    );
  }
  return length;
}

/**
 * Stages bytes.
 *
 * @param source where they came from, for the message
 * @returns the number of bytes
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) if the value is not a Uint8Array
 */
export function stageBytes(value: unknown, source: string): number {
  if (!isBytes(value)) {
    throw new MassTreeBadValueError(`${source} a Uint8Array, not ${describe(value)}.`);
  }
  const length = byteCount(value);
  if (length === 0) refuseLost(value);
  staged = value;
  return length;
}

/** Stages bytes that nobody else has. */
export function stageStored(bytes: Uint8Array): number {
  staged = bytes;
  return bytes.length;
}

/** Releases an array that was not made here. */
export function unstage(): void {
  staged = buffer;
}

function stageText(text: string): number {
  staged = buffer;
  const { length } = text;
  if (length > shortUnits) return stageLong(text);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return stageLong(text);
    buffer[i] = unit;
  }
  return length;
}

function stageLong(text: string): number {
  // A UTF-16 unit takes at most three bytes.
  if (3 * text.length <= buffer.length) return textEncoder().encodeInto(text, buffer).written;
  staged = textEncoder().encode(text);
  return staged.length;
}

// Otherwise the value would silently be empty.
function refuseLost(value: Uint8Array): void {
  const cause = lostBytes(value);
  if (cause === undefined) return;
  throw new MassTreeBadValueError(
    "This value's bytes are gone: its buffer was transferred away, or resized to less. Transfer a copy instead, and create a new array after a resize.",
    { cause },
  );
}
