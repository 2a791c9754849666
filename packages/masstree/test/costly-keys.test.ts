// What keys can cost that somebody chose to cost as much as keys can (SECURITY.md).
import { expect, test } from "vitest";
import { MassTree } from "../src/index.ts";

const longest = 65_536;

/** A key of the greatest length: `fill` but for its last byte. */
function key(fill: number, last: number): Uint8Array {
  const bytes = new Uint8Array(longest).fill(fill);
  bytes[longest - 1] = last;
  return bytes;
}

test("keys that share all but their last byte take 48 times their shared length, and give it back", () => {
  const map = new MassTree<number, Uint8Array>({ key: "bytes" });
  const { liveBytes } = map.stats();
  for (let pair = 1; pair <= 4; pair++) {
    map.set(key(pair, 0), pair).set(key(pair, 1), -pair);
    expect(map.stats().liveBytes - liveBytes).toBeLessThan(pair * 48 * longest);
  }
  expect(map.get(key(2, 0))).toBe(2);
  expect(map.get(key(2, 1))).toBe(-2);
  expect(map.get(key(2, 2))).toBeUndefined();
  map.verify();
  for (let pair = 1; pair <= 4; pair++) {
    map.delete(key(pair, 0));
    map.delete(key(pair, 1));
  }
  map.verify();
  expect(map.stats().layers).toBe(1);
  map.close();
});

test("a map filled by such keys refuses the next one and keeps working", () => {
  const map = new MassTree<number, Uint8Array>({ key: "bytes", maxBytes: 2 ** 22 });
  map.set(Uint8Array.of(1), 1);
  let pairs = 0;
  const full = expect.objectContaining({ code: "MASSTREE_FULL" });
  expect(() => {
    for (; pairs < 100; pairs++) map.set(key(pairs, 0), pairs).set(key(pairs, 1), pairs);
  }).toThrow(full);
  expect(pairs).toBeLessThan(3);
  map.verify();
  expect(map.get(Uint8Array.of(1))).toBe(1);
  map.set(Uint8Array.of(2), 2);
  expect(map.get(Uint8Array.of(2))).toBe(2);
  map.close();
});
