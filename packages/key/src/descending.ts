// The keys of another codec in the opposite order: its bytes, inverted.
//
// Where all keys have the same number of bytes, that is all. Otherwise a key could be the beginning of
// another, and would stay in front of it when both are inverted. So the bytes get an end first, which
// comes before whatever the longer key has in its place:
//
//   each 00 becomes 00 FF, then 00 01 at the end; then every bit is inverted
//
// As a member of a tuple, a type code comes first: inverted bytes may begin with FF, and behind the 00
// that ends a string, that would be an escape.
import type { KeyCodec, KeyKind } from "./codec.ts";
import { notEncoded, requireLength, tooLong } from "./describe.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { make, type Parts, partsOf } from "./make.ts";
import { codecOf, type KeyMember, type KeyOfMember } from "./member-option.ts";
import { DESCENDING, ESCAPE } from "./members.ts";
import { release, takePacker, type Unpacker } from "./packer.ts";

const END = 0x01;

/**
 * Codec for the keys of another one, in the opposite order: the newest first, for example, or the
 * highest score. In a map, `gt` and `gte` then are bounds in the opposite order as well: what comes
 * after them. A key has as many bytes as with the other codec; two more and one for each 0 among them
 * if their number is not always the same.
 *
 * @param of `"string"`, `"bytes"`, `"number"`, `"bigint"`, or a codec of this package
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is neither
 *
 * @example
 * ```ts
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * const newest = descending(date);
 * newest.encode(new Date("2026-11-29"), room, 0); // => 8
 * newest.kind; // => "descending(date)"
 * ```
 */
export function descending<const M extends KeyMember>(of: M): KeyCodec<KeyOfMember<M>> {
  const codec = codecOf<KeyOfMember<M>>(of, "of");
  const fixedBytes = partsOf(codec)?.fixedBytes ?? fixedKinds[codec.kind as KeyKind];
  return fixedBytes === undefined ? escaped(codec) : inverted(codec, fixedBytes);
}

/** How many bytes the keys of the named kinds have, where that is always the same. */
const fixedKinds: Readonly<Partial<Record<KeyKind, number>>> = { number: 8, bigint: 8 };

function inverted<K>(codec: KeyCodec<K>, fixedBytes: number): KeyCodec<K> {
  const made: KeyCodec<K> = {
    kind: `descending(${codec.kind})`,
    runsCallersCode: codec.runsCallersCode,

    encode(key, target, offset) {
      const length = codec.encode(key, target, offset);
      for (let i = offset; i < offset + length; i++) target[i] = ~target[i]!;
      return length;
    },

    decode(source, start, end) {
      const plain = new Uint8Array(source.subarray(start, end));
      for (let i = 0; i < plain.length; i++) plain[i] = ~plain[i]!;
      return codec.decode(plain, 0, plain.length);
    },
  };
  return make(
    made,
    partsFor(made, fixedBytes, (source) => void source.skip(fixedBytes)),
  );
}

function escaped<K>(codec: KeyCodec<K>): KeyCodec<K> {
  const made: KeyCodec<K> = {
    kind: `descending(${codec.kind})`,
    runsCallersCode: codec.runsCallersCode,

    encode(key, target, offset) {
      const packer = takePacker();
      try {
        const { bytes } = packer;
        const length = codec.encode(key, bytes, 0);
        let zeros = 0;
        for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros++;
        if (length + zeros + 2 > MAX_KEY_BYTES) throw tooLong();
        let at = offset;
        for (let i = 0; i < length; i++) {
          target[at++] = ~bytes[i]!;
          if (bytes[i] === 0) target[at++] = ~ESCAPE;
        }
        target[at++] = ~0;
        target[at++] = ~END;
        return at - offset;
      } finally {
        release(packer);
      }
    },

    decode(source, start, end) {
      requireLength("descending", start, end);
      const plain = new Uint8Array(end - start);
      let length = 0;
      let at = start;
      for (; at < end; at++) {
        const byte = ~source[at]! & 0xff;
        if (byte === 0) {
          at++;
          if (at >= end) throw notEncoded("descending", "they have no end");
          const next = ~source[at]! & 0xff;
          if (next === END) break;
          if (next !== ESCAPE) throw notEncoded("descending", "an escape in them is broken");
        }
        plain[length++] = byte;
      }
      if (at !== end - 1) throw notEncoded("descending", "their end is not at the end");
      return codec.decode(plain, 0, length);
    },
  };
  return make(made, partsFor(made, undefined, skipEscaped));
}

/** Moves behind the end of an escaped key. */
function skipEscaped(from: Unpacker): void {
  const { source, end } = from;
  for (let at = from.at; at + 1 < end; at++) {
    if (source[at] !== 0xff) continue;
    at++;
    if ((~source[at]! & 0xff) === END) {
      from.at = at + 1;
      return;
    }
  }
  throw from.garbage("a member of them has no end");
}

function partsFor<K>(
  codec: KeyCodec<K>,
  fixedBytes: number | undefined,
  skip: (source: Unpacker) => void,
): Parts<K> {
  return {
    fixedBytes,
    member: {
      append(key, out) {
        out.bytes[out.length] = DESCENDING;
        out.grow(1 + codec.encode(key, out.bytes, out.length + 1));
      },
      read(source) {
        source.expect(DESCENDING);
        const start = source.at;
        skip(source);
        return codec.decode(source.source, start, source.at);
      },
    },
  };
}
