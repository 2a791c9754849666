// Recovery, compiled, within the time of a test run. `npm run crashes` looks further.
import { coreOf, Explorer, exploreCrashes } from "@tooling/interleave";
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
