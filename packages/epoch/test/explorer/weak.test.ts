// A pin that is stored plainly: what the race checker says, and what goes wrong in weak memory.
import { coreWith, hunt, withStaleReads } from "@tooling/interleave";
import { expect, test } from "vitest";
import { targets } from "./catalog.ts";

const target = targets.find(({ name }) => name === "reclaim")!;

test("a pin that is stored plainly races, and lets a block be freed under its reader", async () => {
  const { edits } = target.mutants.find(({ name }) => name === "announces a pin plainly")!;
  const core = await coreWith(target, edits);
  const programs = target
    .programs()
    .filter(({ name }) => name === "replace 3, collectNow, collectNow | read");
  expect(programs).toHaveLength(1);
  const budget = { rounds: [{ kind: "exhaustive", preemptions: 1 }] } as const;
  expect(hunt(core, programs, { budget }).findings[0]?.failure.kind).toBe("race");

  // Without the race checker, only an announcement that is seen late shows it.
  const unchecked = programs.map((program) => ({
    ...program,
    machine: { ...program.machine, races: false as const },
  }));
  expect(hunt(core, unchecked, { budget }).findings).toEqual([]);
  const { findings } = hunt(core, unchecked, { budget: withStaleReads(budget, 1) });
  expect(findings[0]?.failure.kind).toBe("use-after-free");
}, 240_000);
