import { runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { expectNoHarm, swap } from "./swap.ts";

test("readers never see a freed block while four threads replace and retire them", async () => {
  await expectNoHarm({
    threads: 4,
    rounds: runs(60_000),
    roundsPerStay: Number.POSITIVE_INFINITY,
    stallEvery: 5_000,
  });
});

test("nor while threads stall pinned, leave, and join again", async () => {
  await expectNoHarm({ threads: 4, rounds: runs(30_000), roundsPerStay: 50, stallEvery: 300 });
});

test("nor with more threads than cores", async () => {
  await expectNoHarm({ threads: 12, rounds: runs(6_000), roundsPerStay: 500, stallEvery: 1_000 });
});

test("readers that do not pin do see freed blocks: the tests above would notice", async () => {
  const { outcomes } = await swap({
    threads: 4,
    rounds: 5_000,
    roundsPerStay: Number.POSITIVE_INFINITY,
    stallEvery: 10,
    careless: true,
  });
  expect(outcomes.some(({ found }) => found !== undefined)).toBe(true);
});
