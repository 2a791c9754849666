// What holds for every codec, however it is put together.
import { MassTreeBadKeyError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isKeyCodec } from "../src/index.ts";
import { byteOrder, decode, encode } from "./helpers.ts";
import { anyKind, type Kind } from "./kinds.ts";

const oneKey = anyKind.chain((kind) => kind.key.map((key) => ({ kind, key })));
/** Two keys that often have a beginning in common. */
const twoKeys = anyKind.chain((kind) =>
  fc.tuple(kind.key, kind.key).map(([a, b]) => ({ kind, a, b })),
);
// Printed in place of the generators.
const shown = ({ kind }: { kind: Kind }) => kind.codec.kind;

test("a key decodes to itself", () => {
  fc.assert(
    fc.property(oneKey, ({ kind, key }) => {
      const decoded = decode(kind.codec, encode(kind.codec, key));
      expect(decoded, shown({ kind })).toStrictEqual(kind.normal(key));
    }),
    { numRuns: runs(2000) },
  );
});

test("the bytes sort in the order of the keys, and equal keys have equal bytes", () => {
  fc.assert(
    fc.property(twoKeys, ({ kind, a, b }) => {
      const order = byteOrder(encode(kind.codec, a), encode(kind.codec, b));
      expect(order, shown({ kind })).toBe(Math.sign(kind.order(a, b)));
    }),
    { numRuns: runs(4000) },
  );
});

test("whatever is not refused is what the same key encodes to", () => {
  const spoilt = oneKey.chain(({ kind, key }) => {
    const bytes = encode(kind.codec, key);
    const changed = fc
      .tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(255), fc.nat(bytes.length))
      .map(([at, byte, length]) => {
        const copy = bytes.slice();
        if (length % 3 !== 0) copy[at] = byte;
        return length % 3 === 1 ? copy : copy.subarray(0, length);
      });
    const any = fc.array(fc.constantFrom(0, 1, 2, 5, 0x13, 0x15, 0x21, 0x41, 0xfe, 0xff), {
      maxLength: 12,
    });
    return fc
      .oneof(
        changed,
        any.map((all) => Uint8Array.from(all)),
      )
      .map((garbage) => ({ kind, garbage }));
  });
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(spoilt, ({ kind, garbage }) => {
      let key: unknown;
      try {
        key = decode(kind.codec, garbage);
      } catch (error) {
        expect(error, shown({ kind })).toBeInstanceOf(MassTreeBadKeyError);
        refused++;
        return;
      }
      accepted++;
      expect(encode(kind.codec, key), shown({ kind })).toEqual(garbage);
    }),
    { numRuns: runs(4000) },
  );
  // Otherwise the test says nothing.
  expect(Math.min(accepted, refused)).toBeGreaterThan(0);
});

test("the keys with a prefix are those in its range", () => {
  const arrays = anyKind.filter(({ codec }) => /^(tuple|list)/.test(codec.kind));
  const cases = arrays.chain((kind) =>
    fc
      .tuple(kind.key, kind.key, fc.nat(3))
      .map(([a, b, count]) => ({ kind, a: a as unknown[], b: b as unknown[], count })),
  );
  fc.assert(
    fc.property(cases, ({ kind, a, b, count }) => {
      const prefix = a.slice(0, count);
      const { lower, upper } = kind.codec.prefixRange!(prefix);
      const bytes = encode(kind.codec, b);
      const isWithin =
        byteOrder(bytes, lower) >= 0 && (upper === undefined || byteOrder(bytes, upper) < 0);
      // The members that the prefix has decide, and nothing else.
      const begins = kind.codec.prefixRange!(b.slice(0, prefix.length)).lower;
      expect(isWithin, shown({ kind })).toBe(
        b.length >= prefix.length && byteOrder(begins, lower) === 0,
      );
    }),
    { numRuns: runs(1000) },
  );
});

test("a codec is told from objects that look like one", () => {
  fc.assert(
    fc.property(anyKind, ({ codec }) => {
      expect(isKeyCodec(codec)).toBe(true);
      expect(isKeyCodec({ ...codec })).toBe(false);
      expect(isKeyCodec(new Proxy(codec, {}))).toBe(false);
      expect(() => Object.assign(codec, { encode: () => 0 })).toThrow(TypeError);
    }),
  );
  for (const other of [undefined, null, "string", 1, () => 1])
    expect(isKeyCodec(other)).toBe(false);
});
