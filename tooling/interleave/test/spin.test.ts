// What is taken for a spin, and what for a loop that gets somewhere.
import { expect, test } from "vitest";
import { SpinDetector } from "../src/machine/spin.ts";

/** Reads the addresses of a loop's body, each at its own site, round after round. Returns the round in which it spins. */
function roundsOf(body: (round: number) => number[]): number {
  const detector = new SpinDetector(3, 16);
  detector.reset();
  let step = 0;
  for (let round = 0; round < 1000; round++) {
    for (const [site, address] of body(round).entries()) {
      if (detector.isSpinning(site, address, 0)) return round;
      detector.read(site, address, ++step, 0);
    }
  }
  return Number.POSITIVE_INFINITY;
}

test("a loop that reads the same again and again is one", () => {
  expect(roundsOf(() => [8, 16])).toBe(3);
});

test("a loop over several things, which looks at one of them in each round, goes on", () => {
  expect(roundsOf((round) => (round < 20 ? [8, 16 + 8 * round] : [8, 16]))).toBeGreaterThan(20);
});

test("a loop that goes round two things for ever is one at last", () => {
  expect(roundsOf((round) => [8, round % 2 === 0 ? 16 : 24])).toBe(24);
});
