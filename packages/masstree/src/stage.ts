/*
 * A value on its way into the map, as bytes.
 *
 * The bytes stand in `staged` from the end of a stage function to the next one. Whatever code of the
 * caller's takes part (toJSON, a codec) has run before, so nothing can come in between. Memory of the
 * caller's own is let go by `unstage`; such an array is only to be read as @masstree/key's is-bytes.ts says.
 */
import { MassTreeBadValueError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { byteCount, isBytes, lostBytes } from "@masstree/key";
import { reasonOf } from "@masstree/tree";

const encoder = /* @__PURE__ */ new TextEncoder();
const buffer = /* @__PURE__ */ new Uint8Array(16384);

/** Where the bytes are, from index 0. */
export let staged: Uint8Array = buffer;

// Up to this many UTF-16 units a loop is faster than a call of the engine's encoder.
const shortUnits = 48;

/**
 * Stages a value as JSON.
 *
 * @returns the number of bytes
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`); what JSON.stringify threw is its `cause`
 */
export function stageJson(value: unknown): number {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new MassTreeBadValueError(
      `This value cannot be written as JSON: ${reasonOf(cause)}. Convert it, or create the map with a codec of your own.`,
      { cause },
    );
  }
  if (text === undefined) {
    throw new MassTreeBadValueError(
      `JSON.stringify gives nothing for ${describe(value)}. Use null for nothing, or 'delete' to remove a key.`,
    );
  }
  return stageText(text);
}

/**
 * Stages a string.
 *
 * @returns the number of bytes
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) for what is no string, or has a lone surrogate
 */
export function stageString(value: unknown): number {
  if (typeof value !== "string") {
    throw new MassTreeBadValueError(`The values of this map are strings, not ${describe(value)}.`);
  }
  const length = stageText(value);
  if (length !== value.length && !isWellFormed(value)) {
    throw new MassTreeBadValueError(
      'A string value must be well-formed, and this one has half of a surrogate pair. Repair it with toWellFormed(), or create the map with the codec "json".',
    );
  }
  return length;
}

/**
 * Stages bytes.
 *
 * @param source says what gave them, for the message
 * @returns the number of bytes
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) for what is no Uint8Array
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

/** Forgets bytes that are not ours. */
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
  // A UTF-16 unit takes three bytes at most.
  if (3 * text.length <= buffer.length) return encoder.encodeInto(text, buffer).written;
  staged = encoder.encode(text);
  return staged.length;
}

// It would silently be an empty value.
function refuseLost(value: Uint8Array): void {
  const cause = lostBytes(value);
  if (cause === undefined) return;
  throw new MassTreeBadValueError(
    "This value's bytes are gone: its buffer was transferred away, or resized to less. Transfer a copy instead, and make the array anew after a resize.",
    { cause },
  );
}

const surrogate = /\p{Surrogate}/u;

function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  return text.isWellFormed?.() ?? !surrogate.test(text);
}
