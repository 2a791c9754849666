import { runs } from "@tooling/vitest/random";
import { test } from "vitest";
import { expectNoHarm } from "./swap.ts";

test("minutes of four threads that replace, retire and read", async () => {
  await expectNoHarm({
    threads: 4,
    rounds: runs(5_000_000),
    roundsPerStay: Number.POSITIVE_INFINITY,
    stallEvery: 20_000,
  });
});

test("minutes of more threads than cores that stall, leave and join", async () => {
  await expectNoHarm({ threads: 16, rounds: runs(300_000), roundsPerStay: 20, stallEvery: 2_000 });
});
