// Threads that die in the index, within the time of a test run. crashes.stress.ts and `npm run crashes` look further.
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { crash, targetNamed } from "./named.ts";

const target = targetNamed("learned");
const all = target.crashes();
const draw = random(4);

/** One in so many of those of a kind, of which the seed chooses the first. */
function someOf(deaths: string, oneIn: number) {
  const step = Math.max(1, Math.round(oneIn / runs(1, 4)));
  const first = Math.floor(draw() * step);
  return all
    .filter(({ program }) => program.name.startsWith(deaths))
    .filter((_, index) => index % step === first);
}

test.each([
  ["a thread that dies before any of its writes is recovered", "one death", 120, 200],
  ["a recoverer that dies is recovered as well", "two deaths", 600, 200],
  ["a recovery does not wait for a thread that died at the same time", "deaths at once", 100, 200],
  [
    "a thread that dies among others is recovered as soon as they allow it",
    "a death among",
    60,
    300,
  ],
])(
  "%s",
  async (_behaviour, deaths, oneIn, milliseconds) => {
    const { complaints, points } = await crash(target, someOf(deaths, oneIn), milliseconds, draw);
    expect(complaints).toEqual([]);
    expect(points).toBeGreaterThan(0);
  },
  240_000,
);
