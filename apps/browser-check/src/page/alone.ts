/* Checks the map on the page's own thread. */
import { MassTree, MassTreeInline } from "masstree";
import { assert } from "./thread.ts";

const equal = (found: unknown, wanted: unknown) => {
  const [one, two] = [JSON.stringify(found), JSON.stringify(wanted)];
  assert(one === two, `got ${one} instead of ${two}`);
};

export function platform(): void {
  assert(crossOriginIsolated, "the page is not cross-origin isolated");
  assert(navigator.locks, "there are no Web Locks");
  assert(!("process" in globalThis), "there is a 'process', as in Node");
  let refused = false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
  } catch {
    refused = true;
  }
  assert(refused, "this thread may wait");
}

const texts = [
  "",
  "a",
  "é",
  "日本語",
  "🌲".repeat(30),
  "x".repeat(41),
  "\u{feff}bom",
  "z".repeat(70_000),
];

export function keysAndValues(): void {
  const map = new MassTree<string>({ value: "utf8" });
  const keys = texts.filter((text) => text.length < 65_000);
  for (const key of keys) for (const text of texts) equal(map.set(key, text).get(key), text);
  equal([...map.keys()].length, keys.length);
  equal([...map.keys({ prefix: "🌲" })], ["🌲".repeat(30)]);
  equal([...map.values({ gte: "x", lt: "y" })], [texts.at(-1)]);
  map.verify();
  map.close();

  const bytes = new MassTree({ key: "bytes", value: "bytes" });
  bytes.set(Uint8Array.of(0, 255), Uint8Array.of(1, 2, 3));
  equal([...bytes.get(Uint8Array.of(0, 255))!], [1, 2, 3]);
  bytes.close();

  const json = new MassTree<unknown>();
  for (const value of [1, "é", null, { deep: [texts] }])
    equal(json.set("key", value).get("key"), value);
  json.close();

  const numbers = new MassTree({ key: "number", value: "utf8" });
  equal([...numbers.set(10, "ten").set(-0.5, "half").keys()], [-0.5, 10]);
  numbers.close();

  const inline = new MassTreeInline({ key: "bigint", value: "f64" });
  equal(inline.set(-7n, 0.5).set(7n, 1.5).first()?.[1], 0.5);
  inline.verify();
  inline.close();
}

export function manyKeys(): string {
  const map = new MassTree<number>();
  const count = 200_000;
  const start = performance.now();
  for (let i = 0; i < count; i++) map.set(`key ${(i * 7919) % count}`, i);
  const middle = performance.now();
  for (let i = 0; i < count; i++) {
    if (map.get(`key ${(i * 7919) % count}`) !== i) throw new Error(`entry ${i} is lost`);
  }
  const end = performance.now();
  equal(map.size, count);
  map.clear();
  map.verify();
  map.close();
  const rate = (from: number, to: number) => (count / (to - from) / 1000).toFixed(2);
  return `${rate(start, middle)} M sets/s, ${rate(middle, end)} M gets/s`;
}
