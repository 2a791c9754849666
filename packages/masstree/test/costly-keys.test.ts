// What keys can cost that somebody chose to cost as much as keys can (SECURITY.md).
import { expect, test } from "vitest";
import { sharing } from "../../tree/test/support/sharing.ts";
import { MassTree } from "../src/index.ts";

const longest = 65_536;

/** A key of the greatest length: `fill` but for its last byte. */
function key(fill: number, last: number): Uint8Array {
  const bytes = new Uint8Array(longest).fill(fill);
  bytes[longest - 1] = last;
  return bytes;
}

/** So many keys that share all but their last byte make a layer of each of their slices. */
const crowd = Array.from({ length: sharing(15) + 1 }, (_, last) => last);

test("keys that share all but their last byte take 48 times their shared length, and give it back", () => {
  const map = new MassTree<number, Uint8Array>({ key: "bytes" });
  const { liveBytes } = map.stats();
  for (let fill = 1; fill <= 4; fill++) {
    for (const last of crowd) map.set(key(fill, last), fill - last);
    expect(map.stats().layers).toBe(1 + fill * (longest / 8 - 1));
    expect(map.stats().liveBytes - liveBytes).toBeLessThan(fill * 48 * longest);
  }
  expect(map.get(key(2, 0))).toBe(2);
  expect(map.get(key(2, 1))).toBe(1);
  expect(map.get(key(2, crowd.length))).toBeUndefined();
  map.verify();
  for (let fill = 1; fill <= 4; fill++) for (const last of crowd) map.delete(key(fill, last));
  map.verify();
  expect(map.stats().layers).toBe(1);
  map.close();
});

test("a map filled by such keys refuses the next one and keeps working", () => {
  const map = new MassTree<number, Uint8Array>({ key: "bytes", maxBytes: 2 ** 22 });
  map.set(Uint8Array.of(1), 1);
  let crowds = 0;
  const full = expect.objectContaining({ code: "MASSTREE_FULL" });
  expect(() => {
    for (; crowds < 100; crowds++) for (const last of crowd) map.set(key(crowds, last), crowds);
  }).toThrow(full);
  expect(crowds).toBeLessThan(3);
  map.verify();
  expect(map.get(Uint8Array.of(1))).toBe(1);
  map.set(Uint8Array.of(2), 2);
  expect(map.get(Uint8Array.of(2))).toBe(2);
  map.close();
});
