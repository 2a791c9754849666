import { runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { type Build, builds, expectSound, newRegion, nothing, registered } from "./module.ts";
import { crowd } from "./threads.ts";

/** Threads pass blocks on; then all that is left is what the exchange holds, and it can be freed. */
export async function passBlocks(build: Build, threads: number, rounds: number): Promise<void> {
  const raw = newRegion(build, 16, 4096);
  const { memory, region } = raw;
  const left = await crowd(build, raw, { task: "pass", threads, rounds, seed });
  const words = new Uint32Array(memory.buffer);
  const sizes = left.map((block) => words[block / 4] as number);
  const bytes = sizes.reduce((sum, size) => sum + region.blockBytes(size), 0);
  expectSound(region, { blocks: left.length, bytes });
  expect(memory.buffer.byteLength).toBeGreaterThan(2 ** 20);
  const participant = registered(region);
  for (const [i, block] of left.entries()) region.free(participant, block, sizes[i] as number);
  expectSound(region, nothing);
}

describe.each(builds)("%s", (build) => {
  test("4 threads pass blocks to each other, see each other's growth, and nothing is lost", async () => {
    await passBlocks(build, 4, runs(20_000));
  });

  test("12 threads on fewer cores do so too", async () => {
    await passBlocks(build, 12, runs(3_000));
  });

  test("threads that come and go never share a number, and reuse descriptors", async () => {
    const raw = newRegion(build, 16, 4096);
    await crowd(build, raw, { task: "come", threads: 8, rounds: runs(500), seed });
    expect(raw.region.participantLimit()).toBeLessThanOrEqual(8);
    expectSound(raw.region, nothing);
  });
});
