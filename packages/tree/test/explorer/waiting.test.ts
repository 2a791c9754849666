// Threads that wait for keys, within the time of a test run: that no wake-up is lost, also when threads die.
// `npm run explore`, `npm run crashes` and `npm run mutants` look further.
import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  Explorer,
  exploreCrashes,
  hunt,
  Patch,
  shareOf,
} from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { waitMutants } from "./mutants.ts";
import { targetNamed } from "./named.ts";

const target = targetNamed("waiting-3");
const crashes = target.crashes();
const draw = random(5);

test("no wake-up is lost, in every schedule of one preemption and in random ones", async () => {
  const programs = shareOf(target.programs(), 5, draw);
  const budget = budgetOfTests(seed, runs(10), 2);
  const { findings, schedules } = hunt(await coreOf(target), programs, { budget });
  expect(findings).toEqual([]);
  expect(schedules).toBeGreaterThan(programs.length);
}, 240_000);

test("a write that is whole wakes who waits, wherever its thread dies, and a waiter's death leaves nothing", async () => {
  const core = await coreOf(target);
  const outcomes = crashes.map(({ program, victims }) => {
    const deadline = performance.now() + 100;
    return exploreCrashes(new Explorer(core, program), victims, { deadline, random: draw });
  });
  expect(outcomes.map(({ finding }) => finding).filter(Boolean)).toEqual([]);
  expect(outcomes.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(50);
}, 240_000);

test.each(waitMutants)(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);

// One mistake, which the seed chooses: to compile a core takes a second or two.
const oneOf = <T>(all: readonly T[]): T[] => [all[Math.floor(draw() * all.length)]!];
const isOfRecovery = draw() < 0.5;

const cheap = [
  "a signal wakes nobody",
  "a signal does not raise the count",
  "looks who waits before the write",
  "a key that is replaced is not signalled",
  "leaves without ending its waits",
];

test.each(isOfRecovery ? [] : oneOf(cheap))(
  "a mutant is found: %s",
  async (name) => {
    const patch = new Patch(target.mutants.find((mutant) => mutant.name === name)!.edits);
    const core = await target.compile(patch.replace);
    patch.finish();
    const budget = { rounds: [{ kind: "exhaustive", preemptions: 1 }] } as const;
    const { findings } = hunt(core, target.programs(), { budget });
    expect(findings).toHaveLength(1);
  },
  240_000,
);

const client = "tree/assembly/client.ts";
const drops = "    dropWaits(); // EVENT5\n";

const recoveries = [
  {
    does: "wakes nobody",
    edits: [{ file: client, find: "    signalAll(); // EVENT4\n", replace: "" }],
    name: "one death, waiting: wait for a | set a=1 | bury 1, insert a=2",
    complaint: /^every thread that has not ended waits/,
  },
  {
    does: "leaves the dead one's waits",
    edits: [{ file: client, find: drops, replace: "" }],
    name: "one death, waiting: wait for a | set a=1 | bury 0, insert a=2",
    complaint: /^verify gives 21/,
  },
  {
    does: "trusts that writers no longer know of a wait which the dead one no longer notes",
    edits: [
      { file: client, find: drops, replace: "    endWaits();\n" },
      { file: client, find: "{ dropWaits, signalAll }", replace: "{ endWaits, signalAll }" },
    ],
    name: "one death, waiting: wait for a | set a=1 | bury 0, insert a=2",
    complaint: /^verify gives 21/,
  },
];

test.each(isOfRecovery ? oneOf(recoveries) : [])(
  "a recovery that $does is found out",
  async ({ edits, name, complaint }) => {
    const patch = new Patch(edits);
    const core = await target.compile(patch.replace);
    patch.finish();
    const { program, victims } = crashes.find(({ program }) => program.name === name)!;
    const { finding } = exploreCrashes(new Explorer(core, program), victims, {});
    expect(finding?.failure.message).toMatch(complaint);
  },
  240_000,
);
