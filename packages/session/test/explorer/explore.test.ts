// Recovery, compiled, within the time of a test run. `npm run crashes` looks further.
import { coreOf, coreWith, Explorer, exploreCrashes } from "@tooling/interleave";
import { describe, expect, test } from "vitest";
import { targets } from "./catalog.ts";

describe("what a thread leaves that dies before any of its writes is put right", () => {
  const [target] = targets;
  const programs = target!.crashes();

  test.each(programs.filter(({ victims }) => victims.length === 1))(
    "$program.name",
    async ({ program, victims }) => {
      const explorer = new Explorer(await coreOf(target!), program);
      const { finding, complete } = exploreCrashes(explorer, victims);
      expect(finding).toBeUndefined();
      expect(complete).toBe(true);
    },
  );
});

describe("a visitor that dies as it recovers another", () => {
  const [target] = targets;
  const name = "two deaths, the visitor recovered first: read";
  const { program, victims } = target!.crashes().find((each) => each.program.name === name)!;

  test("is recovered, and so is the other", async () => {
    const { finding, complete } = exploreCrashes(
      new Explorer(await coreOf(target!), program),
      victims,
    );
    expect(finding).toBeUndefined();
    expect(complete).toBe(true);
  }, 120_000);

  test("would keep the other for good, if its claims were not given up", async () => {
    const core = await coreWith(target!, [
      {
        file: "memory/assembly/recover.ts",
        find: "  repairRegion(by);\n  releaseClaims(number, by);\n",
        replace: "  repairRegion(by);\n",
      },
    ]);
    const { finding } = exploreCrashes(new Explorer(core, program), victims);
    expect(finding?.failure.message).toMatch("verifyMemory finds something");
  }, 120_000);
});
