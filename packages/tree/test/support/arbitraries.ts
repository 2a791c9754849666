// Keys that go for the weak spots: the borders of slices, bytes at both ends of their range, keys that
// are prefixes of each other, long shared prefixes.
import fc from "fast-check";
import { concat, repeat } from "./bytes.ts";
import type { Key, Range } from "./instance.ts";

const byte: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 0, 0xff, 0x61, 0x62) },
  { weight: 1, arbitrary: fc.nat(255) },
);

/** Around the borders of the first slices. */
const nearBorder: fc.Arbitrary<number> = fc
  .tuple(fc.constantFrom(0, 8, 16, 24, 32), fc.integer({ min: -1, max: 1 }))
  .map(([border, by]) => Math.max(0, border + by));

function bytes(length: fc.Arbitrary<number>): fc.Arbitrary<Key> {
  return length.chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
}

const few: fc.Arbitrary<Key> = fc
  .array(byte, { maxLength: 4, size: "max" })
  .map((list) => Uint8Array.from(list));

const bordered: fc.Arbitrary<Key> = nearBorder.chain((size) =>
  fc.array(byte, { minLength: size, maxLength: size }).map((list) => Uint8Array.from(list)),
);

const run: fc.Arbitrary<Key> = fc
  .tuple(fc.constantFrom(0, 0xff, 0x61), nearBorder)
  .map(([value, count]) => repeat(value, count));

/** A few long prefixes, so that keys share them. */
const shared: fc.Arbitrary<Key> = fc
  .tuple(fc.constantFrom(40, 200, 1000), fc.constantFrom(0, 0x61, 0xff), few)
  .map(([length, value, rest]) => concat(repeat(value, length), rest));

/** Keys of a few slices: more of them than a leaf keeps, or fewer. */
const crowded: fc.Arbitrary<Key> = fc
  .tuple(fc.constantFrom(0, 0x61, 0xff), fc.constantFrom(8, 16), fc.array(byte, { maxLength: 10 }))
  .map(([value, length, rest]) => concat(repeat(value, length), Uint8Array.from(rest)));

/** A key from a small space, so that commands meet each other's keys. */
export const key: fc.Arbitrary<Key> = fc.oneof(
  { weight: 4, arbitrary: few },
  { weight: 4, arbitrary: run },
  { weight: 4, arbitrary: bordered },
  { weight: 3, arbitrary: fc.tuple(run, few).map(([head, rest]) => concat(head, rest)) },
  { weight: 3, arbitrary: crowded },
  { weight: 2, arbitrary: shared },
  { weight: 1, arbitrary: bytes(fc.nat(40)) },
);

/** A key of thousands of bytes, nearly all of them the same in every such key. */
export const longKey: fc.Arbitrary<Key> = fc
  .tuple(fc.constantFrom(0, 0x61), fc.integer({ min: 4000, max: 8192 }), byte)
  .map(([value, length, last]) => concat(repeat(value, length - 1), repeat(last, 1)));

/** Every kind of bound, in both directions; often contradictory. */
export const range: fc.Arbitrary<Range> = fc.record({
  start: fc.option(key, { nil: undefined }),
  startInclusive: fc.boolean(),
  end: fc.option(key, { nil: undefined }),
  endInclusive: fc.boolean(),
  reverse: fc.boolean(),
});
