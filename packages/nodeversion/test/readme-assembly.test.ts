// Compiles the README's AssemblyScript example and runs it.
import { compileExample } from "@tooling/vitest/readme";
import { expect, test } from "vitest";
import { sharedMemory } from "./modules.ts";

interface Example {
  move(node: number, owner: number, amount: bigint): void;
  total(node: number): bigint;
}

test("the example moves an amount between two accounts, and counts it as an insertion", async () => {
  const module = await compileExample(import.meta.url);
  const memory = sharedMemory();
  const [a, b] = [1, 2].map(
    () => new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Example,
  );
  const words = new BigInt64Array(memory.buffer);
  words[1] = 1000n;
  a!.move(0, 1, 300n);
  b!.move(0, 2, -100n);
  expect([words[1], words[2]]).toEqual([800n, 200n]);
  expect(a!.total(0)).toBe(1000n);
  // Unlocked, and both sections were marked.
  expect(words[0]).not.toBe(0n);
  expect(words[0]! & 1n).toBe(0n);
});
