// Compiles the README's AssemblyScript example and runs it.
import { createSharedMemory, instantiate } from "@masstree/wasm";
import { compileExample } from "@tooling/vitest/readme";
import { expect, test } from "vitest";
import { Permuter } from "../src/index.ts";

interface Example {
  clear(node: number): void;
  add(node: number, value: bigint): number;
}

test("the README's example inserts into a sorted node until it is full", async () => {
  const memory = createSharedMemory(1, 1);
  const { clear, add } = instantiate<Example>(await compileExample(import.meta.url), memory);
  const words = new BigUint64Array(memory.buffer);
  const node = 64;
  clear(node);
  const values = [5n, 3n, 9n, 1n, 7n, 2n, 8n, 6n, 4n, 0n, 14n, 10n, 13n, 11n, 12n];
  for (const value of values) expect(add(node, value)).toBe(1);
  expect(add(node, 15n)).toBe(0);
  expect([...words.slice(9, 24)]).toEqual(values);
  const slots = Permuter.of(15).from(words[8]!).slots();
  expect(slots.map((slot) => words[9 + slot])).toEqual(values.toSorted((a, b) => Number(a - b)));
});
