// A value is let go of as soon as no key has it.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { LocalMassTree } from "../src/index.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

async function areGone(refs: WeakRef<object>[], rounds = 20): Promise<boolean> {
  for (let i = 0; i < rounds; i++) {
    await new Promise((next) => setTimeout(next, 5));
    gc();
    if (refs.every((ref) => ref.deref() === undefined)) return true;
  }
  return false;
}

function filled(): { map: LocalMassTree<object>; refs: WeakRef<object>[] } {
  const map = new LocalMassTree<object>();
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    const value = { i };
    refs.push(new WeakRef(value));
    map.set(`key${i}`, value);
  }
  return { map, refs };
}

const keys = Array.from({ length: 20 }, (_, i) => `key${i}`);

test.each<[string, (map: LocalMassTree<object>) => unknown]>([
  ["delete", (map) => keys.map((key) => map.delete(key))],
  ["deleteMany", (map) => map.deleteMany(keys)],
  ["take", (map) => keys.map((key) => map.take(key))],
  ["set of another value", (map) => keys.map((key) => map.set(key, {}))],
  ["setMany", (map) => map.setMany(keys.map((key) => [key, {}]))],
  ["replace", (map) => keys.map((key) => map.replace(key, {}))],
  ["exchange", (map) => keys.map((key) => map.exchange(key, {}))],
  ["update", (map) => keys.map((key) => map.update(key, () => undefined))],
  ["compareAndSet", (map) => keys.map((key) => map.compareAndSet(key, map.get(key), undefined))],
  ["popFirst", (map) => keys.map(() => map.popFirst())],
  ["popLast", (map) => keys.map(() => map.popLast({ prefix: "key" }))],
  ["clear", (map) => map.clear()],
  ["clear of a range", (map) => map.clear({ prefix: "key" })],
  ["close", (map) => map.close()],
])("after %s", async (name, does) => {
  const { map, refs } = filled();
  expect(await areGone(refs, 2)).toBe(false);
  does(map);
  expect(await areGone(refs)).toBe(true);
  if (name !== "close") map.verify();
  map.close();
});

test("values that stay are kept, and free slots are used again", async () => {
  const { map, refs } = filled();
  for (const key of keys.slice(0, 10)) map.delete(key);
  expect(await areGone(refs.slice(0, 10))).toBe(true);
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 10; i++) map.set(`other${i}`, { round });
    map.clear({ prefix: "other" });
  }
  expect(refs.slice(10).every((ref) => ref.deref() !== undefined)).toBe(true);
  expect([...map.values()]).toHaveLength(10);
  map.verify();
  map.close();
});

test("a map that is dropped lets go of its values", async () => {
  expect(await areGone((() => filled().refs)())).toBe(true);
});
