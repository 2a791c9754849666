// Compiles the README's AssemblyScript example and runs it.
import { createSharedMemory, instantiate } from "@masstree/wasm";
import { compileExample } from "@tooling/vitest/readme";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byteOrder, collidingBytes } from "./helpers.ts";

interface Example {
  compareBySlices(a: number, aLength: number, b: number, bLength: number): number;
}

test("the example compares keys", async () => {
  const memory = createSharedMemory(1, 1);
  const { compareBySlices } = instantiate<Example>(await compileExample(import.meta.url), memory);
  const bytes = new Uint8Array(memory.buffer);
  fc.assert(
    fc.property(collidingBytes, collidingBytes, (a, b) => {
      bytes.set(a, 1000);
      bytes.set(b, 2000);
      expect(compareBySlices(1000, a.length, 2000, b.length)).toBe(byteOrder(a, b));
    }),
  );
});
