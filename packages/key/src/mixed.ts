// Keys of any kind in one map: each is written as a member of a tuple is, which begins with a byte that
// says its kind.
import { MassTreeBadKeyError } from "@masstree/errors";
import { bigint } from "./bigint.ts";
import { bytes } from "./bytes.ts";
import type { KeyCodec } from "./codec.ts";
import { date, timeOf } from "./date.ts";
import { what } from "./describe.ts";
import { isBytes } from "./is-bytes.ts";
import { type Member, make } from "./make.ts";
import {
  appendEscaped,
  BYTES,
  DATE,
  ESCAPE,
  FALSE,
  HUGE_NEGATIVE,
  HUGE_POSITIVE,
  memberOf,
  NESTED,
  NULL,
  NUMBER,
  STRING,
  TRUE,
} from "./members.ts";
import { number } from "./number.ts";
import { type Packer, release, takePacker, Unpacker } from "./packer.ts";
import { prefixEnd } from "./prefix-end.ts";
import { string } from "./string.ts";
import { atEnd, inMember, lengthOf, open } from "./tuple.ts";

/** A key of the codec `mixed`. */
export type MixedKey =
  | null
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | Date
  | readonly MixedKey[];

const member: Member<MixedKey> = {
  append(key, out) {
    switch (typeof key) {
      case "string":
        return memberOf(string).append(key, out);
      case "number":
        return memberOf(number).append(key, out);
      case "bigint":
        return memberOf(bigint).append(key, out);
      case "boolean":
        return out.byte(key ? TRUE : FALSE);
    }
    if (key === null) {
      out.byte(NULL);
      if (out.depth > 0) out.byte(ESCAPE);
    } else if (isBytes(key)) memberOf(bytes).append(key, out);
    else if (isDate(key)) memberOf(date).append(key as Date, out);
    else appendArray(key, out, true);
  },

  read(from) {
    const code = from.peek();
    if (code === STRING) return memberOf(string).read(from);
    if (code === NUMBER) return memberOf(number).read(from);
    if (code >= HUGE_NEGATIVE && code <= HUGE_POSITIVE) {
      return memberOf(bigint).read(from);
    }
    if (code === BYTES) return memberOf(bytes).read(from);
    if (code === DATE) return memberOf(date).read(from);
    if (code === NESTED) return readArray(from);
    if (code !== NULL && code !== FALSE && code !== TRUE) throw from.unexpected();
    from.at++;
    if (code !== NULL) return code === TRUE;
    if (from.depth > 0) from.expect(ESCAPE);
    return null;
  },
};

function isDate(key: unknown): boolean {
  try {
    timeOf.call(key);
    return true;
  } catch {
    return false;
  }
}

function appendArray(key: unknown, out: Packer, isWhole: boolean): void {
  if (typeof key !== "object" || !Array.isArray(key)) {
    throw new MassTreeBadKeyError(
      `A mixed key is a string, number, bigint, boolean, null, Uint8Array, Date, or an array of them, not ${what(key)}.`,
    );
  }
  const length = lengthOf(key, "mixed");
  out.byte(NESTED);
  open(out);
  let i = 0;
  try {
    for (; i < length; i++) member.append(key[i] as MixedKey, out);
  } catch (cause) {
    throw inMember(i, cause);
  }
  out.depth--;
  if (isWhole) out.byte(0);
}

function readArray(from: Unpacker): MixedKey[] {
  from.expect(NESTED);
  open(from);
  const key: MixedKey[] = [];
  while (!atEnd(from)) key.push(member.read(from));
  from.depth--;
  from.expect(0);
  return key;
}

/**
 * Codec for keys of different kinds in one map: `null`, bytes, strings, arrays of such keys, bigints,
 * numbers, booleans and `Date`s, in this order of kinds; within a kind, as the codec of that kind
 * orders them. `5` and `5n` are different keys. What the codecs of these kinds refuse is refused, and
 * arrays that are nested more than 100 deep.
 *
 * Each key is written as FoundationDB's tuple layer writes a tuple of one member, so `list(mixed)`
 * writes what `pack` does there. `tuple("string", "number")` takes less time and refuses more mistakes.
 *
 * In a map, `prefix` is the beginning of an array, of a string or of bytes.
 *
 * @example
 * ```ts
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * const length = mixed.encode(["user", 17, true], room, 0);
 * mixed.decode(room, 0, length); // => ["user", 17, true]
 * ```
 */
export const mixed: KeyCodec<MixedKey> = /* @__PURE__ */ make<MixedKey>(
  {
    kind: "mixed",
    // Reading an array may run getters, or the traps of a proxy.
    runsCallersCode: true,

    encode(key, target, offset) {
      const packer = takePacker();
      try {
        member.append(key, packer);
        return packer.copyTo(target, offset);
      } finally {
        release(packer);
      }
    },

    decode(source, start, end) {
      const from = new Unpacker("mixed", source, start, end);
      const key = member.read(from);
      if (from.at < end) throw from.garbage("there is more than one key in them");
      return key;
    },

    prefixRange(prefix) {
      const packer = takePacker();
      try {
        if (typeof prefix !== "string" && !isBytes(prefix)) {
          appendArray(prefix, packer, false);
          return packer.membersRange();
        }
        if (typeof prefix === "string") appendEscaped(STRING, string, prefix, packer);
        else appendEscaped(BYTES, bytes, prefix, packer);
        const lower = packer.bytes.slice(0, packer.length);
        return { lower, upper: prefixEnd(lower) };
      } finally {
        release(packer);
      }
    },
  },
  { fixedBytes: undefined, member },
);
