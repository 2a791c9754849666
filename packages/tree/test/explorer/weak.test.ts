// Mutants that make one atomic access plain: what the race checker says, and what goes wrong in weak memory.
import { coreOf, coreWith, hunt, shareOf, withStaleReads } from "@tooling/interleave";
import { isFull, random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { targetNamed } from "./named.ts";

const target = targetNamed("tree-3");

/** With a program that shows what no order of the steps could: a value that was never set, or one of another key. */
const plain = [
  ["applies the log with plain stores", "replaced only if it is there: set c=6 | scan up 100"],
  ["reads permutations with plain loads", "replaced only if it is there: set c=6 | scan up 100"],
  ["reads values with plain loads", "full leaf: set a=1 | scan down 100"],
] as const;

const budget = { rounds: [{ kind: "exhaustive", preemptions: 1 }] } as const;

// A core takes seconds to compile.
test.each(isFull ? plain : shareOf(plain, plain.length, random(6)))(
  "a core that %s races, and gives wrong answers in weak memory only",
  async (name, program) => {
    const { edits } = target.mutants.find((mutant) => mutant.name === name)!;
    const core = await coreWith(target, edits);
    const programs = target.programs().filter((candidate) => candidate.name === program);
    expect(programs).toHaveLength(1);
    expect(hunt(core, programs, { budget }).findings[0]?.failure.kind).toBe("race");

    const unchecked = programs.map((one) => ({
      ...one,
      machine: { ...one.machine, races: false as const },
    }));
    expect(hunt(core, unchecked, { budget }).findings).toEqual([]);
    const { findings } = hunt(core, unchecked, { budget: withStaleReads(budget, 1) });
    expect(findings[0]?.failure.kind).toBe("check");
  },
  240_000,
);

test("in the core itself, no read of these programs has a choice", async () => {
  const names = new Set<string>(plain.map(([, program]) => program));
  const programs = target.programs().filter(({ name }) => names.has(name));
  expect(programs).toHaveLength(names.size);
  const core = await coreOf(target);
  const { findings, choices, schedules } = hunt(core, programs, {
    budget: withStaleReads(budget, 2),
  });
  expect(findings).toEqual([]);
  expect(choices).toBe(0);
  expect(schedules).toBeGreaterThan(10);
}, 240_000);
