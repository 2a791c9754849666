// Compiles the README's AssemblyScript example and runs it.
import { compileExample } from "@tooling/vitest/readme";
import { expect, test } from "vitest";
import { TreeInstance } from "./support/instance.ts";

interface Example {
  create(maxPages: number, keyKind: number, valueKind: number): number;
  setAll(keys: number, count: number, value: bigint): number;
}

test("the example writes many keys in one call, until the region is full", async () => {
  const module = await compileExample(import.meta.url);
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  expect((instance.exports as unknown as Example).create(16, 0, 0)).toBe(0);
  const tree = new TreeInstance(module, memory);
  const { resultScratch, setAll } = tree.exports as typeof tree.exports & Example;
  const keys = resultScratch() >>> 0;
  const names = ["", "b", "a", "abcdefghijkl", "abcdefgh"];
  const text = names.map((name) => String.fromCharCode(name.length) + name).join("");
  new Uint8Array(memory.buffer).set(new TextEncoder().encode(text), keys);
  expect(setAll(keys, names.length, 42n)).toBe(names.length);
  const found = tree.scan().map(([key, value]) => [new TextDecoder().decode(key), value]);
  expect(found).toEqual(names.toSorted().map((name) => [name, 42]));
  tree.verify();
});
