// The suite that every map must pass, with keys of codecs.
import "./debug.ts";
import { type MapHandle, verify } from "@masstree/tree";
import {
  type KeyKind,
  type MapCheck,
  mapChecks,
  orderedMapMethods,
} from "@masstree/tree/test-suite";
import { runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import {
  date,
  descending,
  type KeyCodec,
  type KeyType,
  list,
  MassTreeInline,
  tuple,
} from "../src/index.ts";

type AnyMap = MassTreeInline<number, KeyType>;
type Pair = readonly [string, number];

const words = fc.oneof(
  fc.string({ unit: fc.constantFrom("\0", "a", "b"), maxLength: 12 }),
  fc.nat(9999).map(String),
);
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const kinds: Record<string, [codec: KeyCodec<never>, keys: KeyKind<KeyType>]> = {
  dates: [
    date as KeyCodec<never>,
    {
      name: "dates",
      arbitrary: fc.date({ noInvalidDate: true }),
      compare: (a: Date, b: Date) => a.getTime() - b.getTime(),
      spoil: (key: Date) => key.setTime(0),
      refused: [new Date(Number.NaN), 0, "2026-11-29", null, undefined, {}],
    } as unknown as KeyKind<KeyType>,
  ],
  "numbers in descending order": [
    descending("number") as KeyCodec<never>,
    {
      name: "descending",
      arbitrary: fc.oneof(fc.double({ noNaN: true }), fc.integer()),
      compare: (a: number, b: number) => b - a || 0,
      stored: (key: number) => key + 0,
      refused: [Number.NaN, "1", 1n, null, undefined],
    } as unknown as KeyKind<KeyType>,
  ],
  pairs: [
    tuple("string", "number") as KeyCodec<never>,
    {
      name: "pairs",
      arbitrary: fc.tuple(words, fc.integer({ min: -3, max: 3 })),
      compare: (a: Pair, b: Pair) => byBytes(a[0], b[0]) || a[1] - b[1],
      // Shorter prefixes are no keys, which the suite takes prefixes for; key-codecs.test.ts has them.
      cut: (key: Pair) => key,
      hasPrefix: (key: Pair, prefix: Pair) => key[0] === prefix[0] && key[1] === prefix[1],
      // Not [] and ["a"]: they are prefixes.
      refused: [["a", "b"], ["a", 1, 2], "a", null, undefined, { 0: "a", 1: 1 }],
      tooLong: [["a".repeat(65_536), 1]],
    } as unknown as KeyKind<KeyType>,
  ],
  lists: [
    list("string") as KeyCodec<never>,
    {
      name: "lists",
      arbitrary: fc.array(words, { maxLength: 4 }),
      compare(a: string[], b: string[]) {
        for (let i = 0; i < Math.min(a.length, b.length); i++) {
          const order = byBytes(a[i]!, b[i]!);
          if (order !== 0) return order;
        }
        return a.length - b.length;
      },
      cut: (key: string[], length: number) => key.slice(0, length),
      hasPrefix: (key: string[], prefix: string[]) =>
        prefix.every((member, i) => key[i] === member),
      spoil: (key: string[]) => key.push("spoilt"),
      refused: [[1], "a", null, undefined, ["\ud800"]],
      tooLong: [new Array(40_000).fill("")],
    } as unknown as KeyKind<KeyType>,
  ],
};

function checksOf(codec: KeyCodec<never>, keys: KeyKind<KeyType>): readonly MapCheck[] {
  const create = (more: object = {}): AnyMap =>
    new MassTreeInline<number, KeyType>({ key: codec, ...more } as never);
  return mapChecks<KeyType, number, AnyMap>({
    create,
    keys,
    values: { arbitrary: fc.double(), refused: ["1", null] },
    capabilities: {
      ...orderedMapMethods,
      verify: true,
      close: true,
      dispose: true,
      release: true,
      handle: {
        attach: (handle): AnyMap =>
          MassTreeInline.attach(handle as MapHandle, { key: codec as never }),
      },
    },
    inspect: verify,
    seed,
    runs: runs(10),
  });
}

describe.each(Object.keys(kinds))("%s:", (name) => {
  test.each(checksOf(...kinds[name]!))("$name", ({ run }) => run());
});
