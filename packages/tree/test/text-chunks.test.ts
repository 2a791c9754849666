// Keys and values that are cut from the text of a batch are what they would be one by one.
import { keyCodecs } from "@masstree/key";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Scan, verify } from "../src/index.ts";
import { everything } from "../src/range.ts";
import { CHUNK, TextChunks } from "../src/text-chunks.ts";
import { WordMap } from "./word-map.ts";

const ascii = fc.string({ unit: "binary-ascii", maxLength: 40 });
const lengths = [0, 1, 7, 8, 9, 12, 13, 24, 25, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK];

test("strings are cut from a text, wherever chunks begin and end", () => {
  const pieces = [...lengths, ...lengths].map((length, i) =>
    String.fromCharCode(97 + (i % 26)).repeat(length),
  );
  const bytes = new TextEncoder().encode(`--${pieces.join("")}--`);
  const texts = new TextChunks();
  expect(texts.isThere).toBe(false);
  texts.reset(bytes, bytes.length - 2);
  expect(texts.isThere).toBe(true);
  let at = 2;
  const places = pieces.map((piece) => {
    at += piece.length;
    return at - piece.length;
  });
  for (const [i, piece] of pieces.entries())
    expect(texts.cut(places[i]!, piece.length)).toBe(piece);
  // And in any other order, as when a value is read again.
  for (const i of pieces.keys()) {
    const j = (i * 7) % pieces.length;
    expect(texts.cut(places[j]!, pieces[j]!.length)).toBe(pieces[j]);
  }
});

/** The sorted keys of a map, which a scan must give, however it is read. */
function expectScans(keys: readonly string[]): void {
  const map = new WordMap<string>();
  const sorted = [...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [i, key] of sorted.entries()) map.set(key, BigInt(i));
  const entries = sorted.map((key, i) => [key, BigInt(i)] as const);
  expect([...map.keys()]).toEqual(sorted);
  expect([...map.entries()]).toEqual(entries);
  expect([...map.keys({ reverse: true })]).toEqual(sorted.toReversed());
  expect([...map.entries({ offset: 3, limit: 200 })]).toEqual(entries.slice(3, 203));
  const seen: [string, bigint][] = [];
  map.forEach((value, key) => {
    seen.push([key, value]);
  });
  expect(seen).toEqual(entries);
  verify(map);
  map.close();
}

test("a scan gives the keys that were set: ASCII, other characters among them, empty, short and long", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          { weight: 20, arbitrary: ascii },
          {
            weight: 1,
            arbitrary: fc.constantFrom("", "é", "\u{10000}", "\ufeffkey", "x".repeat(3000)),
          },
        ),
        { maxLength: 700, size: "max" },
      ),
      expectScans,
    ),
    { numRuns: 20 },
  );
});

test("a scan gives keys of every length, and so many bytes that they do not fit twice in the scratch", () => {
  expectScans(
    Array.from({ length: 600 }, (_, i) => `${String(i).padStart(4, "0")}${"k".repeat(i)}`),
  );
  expectScans(Array.from({ length: 40 }, (_, i) => `${i + 10}${"k".repeat(60_000)}`));
  expectScans(lengths.flatMap((length) => ["a".repeat(length), "b".repeat(length)]));
});

test("a key is asked for or not, and again, and is the same", () => {
  const map = new WordMap<string>();
  const keys = Array.from({ length: 1000 }, (_, i) => `a key of ${String(i).padStart(20, "0")}`);
  for (const key of keys) map.set(key, 1n);
  const scan = new Scan(map.tree, keyCodecs.string, undefined, everything, everything.limit, true);
  for (const [i, key] of keys.entries()) {
    expect(scan.next()).toBe(true);
    if (i % 100 > 1) continue;
    expect([scan.key(), scan.key()]).toEqual([key, key]);
  }
  expect(scan.next()).toBe(false);
  const iterator = map.keys();
  for (let i = 0; i < 700; i++) iterator.next();
  map.clear();
  // What was taken from the map before.
  expect(iterator.next().value).toBe(keys[700]);
  verify(map);
  map.close();
});
