// Whether drawn programs find a mistake that nobody wrote a program for.
import { coreWith, huntGenerated, parseSketch } from "@tooling/interleave";
import { seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { targetNamed } from "../named.ts";

test("drawn programs find a mistake, and make themselves small", async () => {
  const target = targetNamed("tree-3");
  const name = "takes what is left of a dead suffix for free space";
  const core = await coreWith(target, target.mutants.find((mutant) => mutant.name === name)!.edits);
  const { finding } = huntGenerated(core, target.generator!, { seed, programs: 1000 });
  expect(finding?.failure.kind).toBe("check");
  const { setup, threads } = parseSketch(finding!.program);
  expect(setup.length + threads.flat().length).toBeLessThan(10);
});
