import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { compileEmbedded, createSharedMemory, instantiate } from "../src/index.ts";
import { counter, importing } from "./fixture.ts";

interface Counter {
  bump(address: number): number;
}

test("instances of a module share the memory they are given", () => {
  const memory = createSharedMemory(1, 4);
  const first = instantiate<Counter>(compileEmbedded(counter), memory);
  const second = instantiate<Counter>(compileEmbedded(counter), memory);
  expect(first.bump(8)).toBe(0);
  expect(second.bump(8)).toBe(1);
  expect(new Int32Array(memory.buffer)[2]).toBe(2);
});

test("instantiating does not write to the memory", () => {
  const memory = createSharedMemory(1, 4);
  new Uint8Array(memory.buffer).fill(0xaa);
  instantiate<Counter>(compileEmbedded(counter), memory);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 0xaa)).toBe(true);
});

test("two threads count in the same word without losing a step", async () => {
  const memory = createSharedMemory(1, 4);
  const module = compileEmbedded(counter);
  const source = `
    const { workerData: { module, memory } } = require("node:worker_threads");
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    for (let i = 0; i < 100000; i++) exports.bump(0);
  `;
  const worker = new Worker(source, { eval: true, workerData: { module, memory } });
  const ended = new Promise((resolve, reject) =>
    worker.once("exit", resolve).once("error", reject),
  );
  const { bump } = instantiate<Counter>(module, memory);
  for (let i = 0; i < 100_000; i++) bump(0);
  expect(await ended).toBe(0);
  expect(bump(0)).toBe(200_000);
});

test("further imports are passed along, and cannot replace the memory", () => {
  const memory = createSharedMemory(1, 4);
  const imports = { env: { step: () => 40, memory: "mine" as never }, other: { step: () => 2 } };
  const { sum } = instantiate<{ sum(): number }>(compileEmbedded(importing), memory, imports);
  expect(sum()).toBe(42);
});

test("a missing import or an unshared memory makes the engine throw", () => {
  const memory = createSharedMemory(1, 4);
  expect(() => instantiate(compileEmbedded(importing), memory)).toThrow(TypeError);
  const unshared = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  expect(() => instantiate(compileEmbedded(counter), unshared)).toThrow(WebAssembly.LinkError);
});
