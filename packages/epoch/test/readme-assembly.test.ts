// Compiles the README's AssemblyScript example and runs it.
import { instantiate } from "@masstree/wasm";
import { compileExample } from "@tooling/vitest/readme";
import { expect, test } from "vitest";
import { createRegion, must } from "./module.ts";

test("the example in AssemblyScript replaces blocks, and wipes and frees the old ones", async () => {
  const { memory, module } = createRegion();
  const example = instantiate<{
    replace(participant: number, word: number, value: number): number;
  }>(await compileExample(import.meta.url), memory);
  const me = must(module.register());
  const word = must(module.allocate(me, 16));
  const first = must(module.allocate(me, 64));
  const words = new Int32Array(memory.buffer);
  words[first / 4] = 41;
  words[word / 4] = first;
  expect(example.replace(me, word, 42)).toBe(41);
  expect(example.replace(me, word, 43)).toBe(42);
  expect(words[words[word / 4]! / 4]).toBe(43);
  expect(module.retiredBlocks()).toBe(2);
  for (let i = 0; i < 200; i++) example.replace(me, word, i);
  expect(module.retiredBlocks()).toBeLessThan(130);
  expect(module.drain(me)).toBe(1);
  expect(module.liveBlocks()).toBe(2);
});
