import { expect, test } from "vitest";
import { expectSound, newRegion, nothing, registered } from "./module.ts";

test("in test builds the Nth allocation fails, once, with nothing changed", () => {
  const { region } = newRegion("memory-debug", 16, 64);
  const participant = registered(region);
  const sizes = [16, 320, 9000, 64, 64, 50_000];
  for (let n = 0; n <= sizes.length; n++) {
    region.failAfter.value = n;
    const blocks = sizes.map((bytes) => region.allocate(participant, bytes) >>> 0);
    const failed = blocks.flatMap((block, i) => (block === 0 ? [i] : []));
    expect(failed).toEqual(n < sizes.length ? [n] : []);
    expect(region.failAfter.value).toBe(n < sizes.length ? -1 : 0);
    region.failAfter.value = -1;
    expectSound(region);
    for (const [i, block] of blocks.entries()) {
      if (block !== 0) region.free(participant, block, sizes[i] as number);
    }
    expectSound(region, nothing);
  }
});

test("making a descriptor is an allocation that can fail", () => {
  const { region } = newRegion("memory-debug", 16, 64);
  region.failAfter.value = 0;
  expect(region.register()).toBe(0);
  expect(region.failure.value).toBe(region.FULL.value);
  expectSound(region, nothing);
  registered(region);
});

test("other builds ignore it", () => {
  const { region } = newRegion("memory-test", 16, 64);
  const participant = registered(region);
  region.failAfter.value = 0;
  expect(region.allocate(participant, 16)).not.toBe(0);
});

test("test builds trap when what is freed is no block, is of another size or was freed before", () => {
  const { region } = newRegion("memory-debug", 16, 64);
  const participant = registered(region);
  const block = region.allocate(participant, 320);
  const run = region.allocate(participant, 20_000);
  const trap = WebAssembly.RuntimeError;
  expect(() => region.free(participant, block + 16, 320)).toThrow(trap);
  expect(() => region.free(participant, block, 256)).toThrow(trap);
  expect(() => region.free(participant, run, 24_000 + 4096)).toThrow(trap);
  expect(() => region.free(participant, 2 ** 31, 64)).toThrow(trap);
  region.free(participant, block, 320);
  expect(() => region.free(participant, block, 320)).toThrow(trap);
});
