// How the kinds of key are written as members of a tuple: the type codes and bytes of FoundationDB's
// tuple layer (https://github.com/apple/foundationdb/blob/main/design/tuple.md), which
// docs/decisions/0012-tuple-keys.md explains.
//
//   code      what                  bytes after the code
//   00        null                  none; within a nested tuple, FF
//   01        bytes                 the bytes, each 00 as 00 FF; then 00
//   02        a string              its UTF-8, each 00 as 00 FF; then 00
//   05        a nested tuple        its members; then 00
//   0B        a bigint < -(2^64)    how many bytes, inverted; the bytes as below
//   0C .. 13  a negative bigint     8 to 1 bytes: the magnitude, highest byte first, inverted
//   14        0n                    none
//   15 .. 1C  a positive bigint     1 to 8 bytes, highest first
//   1D        a bigint >= 2^64      how many bytes; the bytes, highest first
//   21        a number              8: the double, all bits inverted if negative, else the sign bit
//   26, 27    false, true           none
//   30        a UUID                16
//   40        a date                8: its time value, as a number's
//   41        what is descending    see descending.ts
//
// 40 to 4F are free for the use of applications. FF is no code, so a 00 that is not followed by FF ends
// a string: whatever follows begins with a code, or is an end.
import { MassTreeBadKeyError } from "@masstree/errors";
import { bytes } from "./bytes.ts";
import type { KeyCodec } from "./codec.ts";
import { tooLong, wrongType } from "./describe.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { type Member, partsOf } from "./make.ts";
import { number } from "./number.ts";
import type { Packer, Unpacker } from "./packer.ts";
import { string } from "./string.ts";

export const NULL = 0x00;
export const BYTES = 0x01;
export const STRING = 0x02;
export const NESTED = 0x05;
export const HUGE_NEGATIVE = 0x0b;
export const ZERO = 0x14;
export const HUGE_POSITIVE = 0x1d;
export const NUMBER = 0x21;
export const FALSE = 0x26;
export const TRUE = 0x27;
export const UUID = 0x30;
export const DATE = 0x40;
export const DESCENDING = 0x41;
export const ESCAPE = 0xff;

/** The member for keys of `codec`. */
export function memberOf<K>(codec: KeyCodec<K>): Member<K> {
  return partsOf(codec)?.member ?? named[codec.kind as keyof typeof named];
}

/** A member of a kind whose keys all have the same number of bytes: a code, then what `encode` writes. */
export function fixedMember<K>(code: number, bytes: number, codec: () => KeyCodec<K>): Member<K> {
  return {
    append(key, out) {
      out.bytes[out.length] = code;
      out.grow(1 + codec().encode(key, out.bytes, out.length + 1));
    },
    read(source) {
      source.expect(code);
      const start = source.skip(bytes);
      return codec().decode(source.source, start, source.at);
    },
  };
}

/** A member of another kind: a code, what `encode` writes with each 00 as 00 FF, and 00. */
export function escapedMember<K>(code: number, codec: () => KeyCodec<K>): Member<K> {
  return {
    append(key, out) {
      appendEscaped(code, codec(), key, out);
      out.byte(0);
    },
    read(source) {
      source.expect(code);
      return readEscaped(codec(), source);
    },
  };
}

/** Appends what an escaped member begins with: all but the 00 at its end. */
export function appendEscaped<K>(code: number, codec: KeyCodec<K>, key: K, out: Packer): void {
  const { bytes } = out;
  const start = out.length + 1;
  bytes[out.length] = code;
  const end = start + codec.encode(key, bytes, start);
  let zeros = 0;
  for (let i = start; i < end; i++) if (bytes[i] === 0) zeros++;
  if (end + zeros > MAX_KEY_BYTES) throw tooLong();
  // From the end, so that nothing is overwritten before it has moved.
  for (let from = end - 1, to = end + zeros - 1; to > from; from--) {
    if (bytes[from] === 0) bytes[to--] = ESCAPE;
    bytes[to--] = bytes[from]!;
  }
  out.length = end + zeros;
}

function readEscaped<K>(codec: KeyCodec<K>, from: Unpacker): K {
  const { source, end } = from;
  const start = from.at;
  let at = start;
  let zeros = 0;
  while (true) {
    if (at >= end) throw from.garbage("a member of them has no end");
    if (source[at] !== 0) at++;
    else if (at + 1 < end && source[at + 1] === ESCAPE) {
      zeros++;
      at += 2;
    } else break;
  }
  from.at = at + 1;
  if (zeros === 0) return codec.decode(source, start, at);
  const plain = new Uint8Array(at - start - zeros);
  for (let i = 0, next = start; i < plain.length; i++, next++) {
    plain[i] = source[next]!;
    if (plain[i] === 0) next++;
  }
  return codec.decode(plain, 0, plain.length);
}

/** The longest magnitude that there is a code for, in bytes. */
const LONGEST = 255;

const long = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

const integers: Member<bigint> = {
  append(key, out) {
    if (typeof key !== "bigint") throw wrongType("bigint", key);
    const { bytes } = out;
    const negative = key < 0n;
    const flip = negative ? 0xff : 0;
    const magnitude = negative ? -key : key;
    let at = out.length + 1;
    if (BigInt.asUintN(64, magnitude) === magnitude) {
      long.setBigUint64(0, magnitude);
      let first = 0;
      while (first < 8 && long.getUint8(first) === 0) first++;
      bytes[out.length] = negative ? ZERO - (8 - first) : ZERO + (8 - first);
      for (let i = first; i < 8; i++) bytes[at++] = long.getUint8(i) ^ flip;
    } else {
      const count = byteCountOf(magnitude);
      bytes[out.length] = negative ? HUGE_NEGATIVE : HUGE_POSITIVE;
      bytes[at++] = count ^ flip;
      const hex = magnitude.toString(16).padStart(2 * count, "0");
      for (let i = 0; i < count; i++) {
        bytes[at++] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16) ^ flip;
      }
    }
    out.grow(at - out.length);
  },

  read(from) {
    const code = from.peek();
    if (code < HUGE_NEGATIVE || code > HUGE_POSITIVE) throw from.unexpected();
    from.at++;
    const { source } = from;
    const negative = code < ZERO;
    const flip = negative ? 0xff : 0;
    const isHuge = code === HUGE_NEGATIVE || code === HUGE_POSITIVE;
    const count = isHuge ? source[from.skip(1)]! ^ flip : Math.abs(code - ZERO);
    const start = from.skip(count);
    if ((isHuge && count <= 8) || (count > 0 && (source[start]! ^ flip) === 0)) {
      throw from.garbage("a bigint in them is longer than it has to be");
    }
    let hex = "0x0";
    for (let i = start; i < start + count; i++) {
      hex += (source[i]! ^ flip).toString(16).padStart(2, "0");
    }
    return negative ? -BigInt(hex) : BigInt(hex);
  },
};

function byteCountOf(magnitude: bigint): number {
  // Not its text, which may be a million digits.
  if (BigInt.asUintN(8 * LONGEST, magnitude) !== magnitude) {
    throw new MassTreeBadKeyError(
      `A bigint in a tuple has at most ${LONGEST} bytes, and this one has more. Encode it as bytes in the order you need.`,
    );
  }
  return Math.ceil(magnitude.toString(16).length / 2);
}

const named: { readonly [Kind in "string" | "bytes" | "number" | "bigint"]: Member<never> } = {
  string: /* @__PURE__ */ escapedMember(STRING, () => string) as Member<never>,
  bytes: /* @__PURE__ */ escapedMember(BYTES, () => bytes) as Member<never>,
  number: /* @__PURE__ */ fixedMember(NUMBER, 8, () => number) as Member<never>,
  bigint: integers as Member<never>,
};
