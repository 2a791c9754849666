// What the tests of waiting and of watching have in common: threads that sleep until others write. No wake-up may be lost,
// in schedules, in deaths, and with mistakes in the sources, which have to be found.
import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  coreWith,
  type Edit,
  Explorer,
  exploreCrashes,
  hunt,
  type Mutant,
  shareOf,
  type Target,
} from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";

export interface SleepersOptions {
  readonly target: Target;
  readonly mutants: readonly Mutant[];
  /** Which of the numbers that derive from the seed choose. */
  readonly stream: number;
  /** What schedules and deaths must not do, as the tests are called. */
  readonly schedules: string;
  readonly deaths: string;
  /** As many deaths as are tried at least. */
  readonly leastDeaths: number;
}

/** The tests within the time of a test run. */
export function testSleepers(options: SleepersOptions): void {
  const { target, mutants, leastDeaths } = options;
  const draw = random(options.stream);

  test(options.schedules, async () => {
    const programs = shareOf(target.programs(), 5, draw);
    const budget = budgetOfTests(seed, runs(10), runs(1, 4));
    const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  }, 240_000);

  test(options.deaths, async () => {
    const core = await coreOf(target);
    const outcomes = target.crashes().map(({ program, victims }) => {
      const deadline = performance.now() + 100;
      return exploreCrashes(new Explorer(core, program), victims, { deadline, random: draw });
    });
    expect(outcomes.map(({ finding }) => finding).filter(Boolean)).toEqual([]);
    expect(outcomes.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(leastDeaths);
  }, 240_000);

  test.each(mutants)("a mutant finds its place in the sources as they are now: $name", (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  });
}

/** A mistake of a recovery, with the deaths that show it and what they are found by. */
export interface WrongRecovery {
  /** What the recovery does. */
  readonly does: string;
  readonly edits: readonly Edit[];
  /** The program. */
  readonly name: string;
  readonly complaint: RegExp;
}

/** Tests that mistakes are found: mutants in schedules of one preemption, those of recoveries in deaths. */
export function testMistakes(
  target: Target,
  mutants: readonly Mutant[],
  recoveries: readonly WrongRecovery[],
): void {
  test.each(mutants)(
    "a mutant is found: $name",
    async ({ edits }) => {
      const core = await coreWith(target, edits);
      const budget = { rounds: [{ kind: "exhaustive", preemptions: 1 }] } as const;
      const { findings } = hunt(core, target.programs(), { budget });
      expect(findings).toHaveLength(1);
    },
    240_000,
  );

  test.each(recoveries)(
    "a recovery that $does is found out",
    async ({ edits, name, complaint }) => {
      const core = await coreWith(target, edits);
      const { program, victims } = target.crashes().find(({ program }) => program.name === name)!;
      const { finding } = exploreCrashes(new Explorer(core, program), victims, {});
      expect(finding?.failure.message).toMatch(complaint);
    },
    240_000,
  );
}
