// Compiles the README's AssemblyScript examples and runs them.
import { compileExample } from "@tooling/vitest/readme";
import { expect, test } from "vitest";
import { expectSound, newRegion, nothing, registered } from "./module.ts";

interface List {
  push(participant: number, list: number, value: number): number;
  takeSum(participant: number, list: number): number;
}

interface Recovery {
  takeOver(own: number, dead: number): number;
}

function instantiate<Exports>(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}

test("the first example frees a list whose nodes several participants allocated", async () => {
  const { memory, region } = newRegion("memory-test", 32, 64);
  const module = await compileExample(import.meta.url);
  const lists = [1, 2].map(() => instantiate<List>(module, memory));
  const participants = [registered(region), registered(region)];
  const head = region.allocate(participants[0]!, 16) >>> 0;
  region.dropAllPrivate(participants[0]!);
  new Uint32Array(memory.buffer)[head / 4] = 0;
  for (let i = 0; i < 1000; i++) {
    expect(lists[i % 2]!.push(participants[i % 2]!, head, i)).toBe(1);
  }
  expect(region.liveBlocks()).toBe(1001);
  expect(lists[0]!.takeSum(participants[0]!, head)).toBe(499_500);
  expect(lists[1]!.takeSum(participants[1]!, head)).toBe(0);
  expectSound(region, { blocks: 1, bytes: 16 });
});

test("the second example frees the private blocks of a dead participant", async () => {
  const { memory, region } = newRegion("memory-test", 32, 64);
  const { takeOver } = instantiate<Recovery>(await compileExample(import.meta.url, 1), memory);
  const [own, dead] = [registered(region), registered(region)];
  region.allocate(dead, 5000);
  expect(takeOver(region.participantNumber(own), dead)).toBe(1);
  expectSound(region, nothing);
  expect(registered(region)).toBe(dead);
});
