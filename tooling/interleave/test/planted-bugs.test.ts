import { seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { Explorer, type Strategy } from "../src/explore.ts";
import { hunt } from "../src/hunt.ts";
import { parseSchedule } from "../src/schedule.ts";
import { correct, fixtureCore, lostUpdate, planted } from "./fixtures.ts";

const strategies: readonly Strategy[] = [
  { kind: "random", seed, schedules: 2000 },
  { kind: "pct", seed, schedules: 4000, depth: 3 },
  { kind: "exhaustive", preemptions: 3, schedules: 20_000 },
];

describe.each(strategies)("$kind schedules", (strategy) => {
  test.each(planted)("find bug $bug in the $program.name", async ({ bug, program, failures }) => {
    const explorer = new Explorer(await fixtureCore(bug), program);
    const { finding } = explorer.explore(strategy);
    expect(failures).toContain(finding?.failure.kind);
  });
});

describe("the correct version passes", () => {
  test.each(correct)("$name, in every schedule of up to 4 preemptions", async (program) => {
    const explorer = new Explorer(await fixtureCore(), program);
    const { finding, complete } = explorer.explore({ kind: "exhaustive", preemptions: 4 });
    expect(finding).toBeUndefined();
    expect(complete).toBe(true);
  });

  test.each(correct)("$name, in random schedules", async (program) => {
    const explorer = new Explorer(await fixtureCore(), program);
    const { finding } = explorer.explore({ kind: "random", seed, schedules: 2000 });
    expect(finding).toBeUndefined();
  });
});

describe("a finding", () => {
  test.each(planted)("of bug $bug replays, step by step", async ({ bug, program }) => {
    const explorer = new Explorer(await fixtureCore(bug), program);
    const { finding } = explorer.explore({ kind: "random", seed, schedules: 2000 });
    for (const text of [finding!.schedule, finding!.original]) {
      const schedule = parseSchedule(text);
      const first = explorer.replay(schedule);
      const trace = [...explorer.machine.trace()];
      const second = explorer.replay(schedule);
      expect(second.failure?.message).toBe(first.failure?.message);
      expect(second.failure?.kind).toBe(finding!.failure.kind);
      expect([...explorer.machine.trace()]).toEqual(trace);
    }
  });

  test.each(planted)("of bug $bug cannot lose a decision", async ({ bug, program }) => {
    const explorer = new Explorer(await fixtureCore(bug), program);
    const { finding } = explorer.explore({ kind: "random", seed: seed + 1, schedules: 2000 });
    const { decisions, crashes } = parseSchedule(finding!.schedule);
    expect(decisions.length).toBeLessThanOrEqual(parseSchedule(finding!.original).decisions.length);
    for (const left of decisions) {
      const { failure } = explorer.replay({
        decisions: decisions.filter((decision) => decision !== left),
        crashes,
      });
      expect(failure?.kind).not.toBe(finding!.failure.kind);
    }
  });
});

test("a program that needs preemptions gets them in a round that has fewer", async () => {
  const core = await fixtureCore(1);
  const budget = { rounds: [{ kind: "exhaustive", preemptions: 0 }] } as const;
  expect(hunt(core, [lostUpdate], { budget }).findings).toEqual([]);
  const rounds: unknown[] = [];
  const onExploration = (_: unknown, round: unknown) => rounds.push(round);
  const needy = { ...lostUpdate, preemptions: 1 };
  expect(hunt(core, [needy], { budget, onExploration }).findings).toHaveLength(1);
  expect(rounds).toEqual(budget.rounds);
});
