// Programs that are drawn, on one of the targets that the seed chooses. `npm run explore -- --generated` draws more.
import { coreOf, huntGenerated } from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targets } from "../catalog.ts";
import { targetNamed } from "../named.ts";
import { keyOf, parseCall } from "./calls.ts";

const draw = random(7);
const drawn = targets.filter(({ generator }) => generator !== undefined);
const chosen = drawn[Math.floor(draw() * drawn.length)]!;

test(`${chosen.name} passes some of what is drawn`, async () => {
  const programs = runs(12, 60);
  const hunt = huntGenerated(await coreOf(chosen), chosen.generator!, { seed, programs });
  expect(hunt.finding).toBeUndefined();
  expect(hunt.programs).toBe(programs);
}, 300_000);

describe("what is drawn for", () => {
  test.each(drawn)("$name is read as it is written, and meets", ({ generator }) => {
    let meets = 0;
    for (let left = 500; left > 0; left--) {
      const { setup, threads } = generator!.draw(draw);
      const calls = threads.flatMap((list) => list.map((text) => parseCall(text, 1n)));
      for (const [index, text] of threads.flat().entries()) {
        expect(calls[index]!.name.replace("=1", "")).toBe(text);
      }
      expect(setup.join()).not.toMatch(/[ :|]/);
      const [keys, others] = threads.map((list) => list.flatMap((text) => keyOf(text) ?? []));
      if (keys!.some((key) => others!.includes(key))) meets++;
    }
    expect(meets).toBeGreaterThan(100);
  });

  test("tiny leaves has calls that are short of memory; shipped ones never", () => {
    const drawn = (name: string) =>
      Array.from({ length: 300 }, () => targetNamed(name).generator!.draw(draw).threads).flat(2);
    expect(drawn("tree-3").join()).toContain("without block");
    expect(drawn("tree-15").join()).not.toContain("without block");
  });
});

test("a text that calls nothing is refused", () => {
  expect(() => parseCall("dance b", 1n)).toThrow("'dance b' is no call on a tree");
});
