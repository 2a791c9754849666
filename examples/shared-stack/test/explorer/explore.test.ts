// The compiled stack, within the time of a test run. `npm run explore`, `crashes` and `mutants` look further.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  coreWith,
  describeHistory,
  Explorer,
  edit,
  exploreCrashes,
  hunt,
  parseSchedule,
  shareOf,
} from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targets } from "./catalog.ts";
import { stackMutants } from "./mutants.ts";

const target = targets[0]!;
const draw = random(5);

test("passes in every schedule of one preemption, and in random ones", async () => {
  const programs = shareOf(target.programs(), 8, draw);
  const budget = budgetOfTests(seed, runs(4), runs(2, 6));
  const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
  expect(findings).toEqual([]);
  expect(schedules).toBeGreaterThan(reached);
});

test("whatever a thread dies in is whole or absent, and nothing that it held is lost", async () => {
  const core = await coreOf(target);
  for (const { program, victims } of shareOf(target.crashes(), 12, draw)) {
    const deadline = performance.now() + runs(300);
    const options = { deadline, random: draw };
    const { finding } = exploreCrashes(new Explorer(core, program), victims, options);
    expect(finding).toBeUndefined();
  }
});

test("the block checker sees what it has to see", async () => {
  const { watched } = await coreOf(target);
  expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
});

describe("a mistake is found:", () => {
  const cheap = [
    "does not check the version after reading two words",
    "changes two words without marking the node",
    "fills a block after it was published",
  ];

  test.each(stackMutants.filter(({ name }) => cheap.includes(name)))("$name", async ({ edits }) => {
    const core = await coreWith(target, edits);
    const budget = budgetOfTests(seed, 1, 20);
    expect(hunt(core, target.programs(), { budget }).findings).toHaveLength(1);
  });

  test("retires a block after the write instead of in it", async () => {
    const file = "shared-stack/assembly/stack.ts";
    const core = await coreWith(target, [
      edit(
        file,
        "    retireAfterwards(block, bytesFor(length)); // STACK3\n    commitWrite();\n",
        "    commitWrite();\n    retire(participant, block, bytesFor(length));\n",
      ),
      edit(file, "pin, RETIRE_TAIL }", "pin, RETIRE_TAIL, retire }"),
    ]);
    const name = "one death: [3] pop";
    const { program, victims } = target
      .crashes()
      .find(({ program }) => program.name.startsWith(name))!;
    const { finding } = exploreCrashes(new Explorer(core, program), victims);
    expect(finding?.failure.message).toBe("verify gives 4");
  });
});

test("the README shows what the replay of a mistake tells", async () => {
  const { edits } = stackMutants.find(({ name }) => name.startsWith("reads the top before"))!;
  // The README's reader changes the source, and explores what is compiled of it as it is shipped.
  const core = await coreWith(target, edits, false);
  const program = target.programs().find(({ name }) => name === "[3] pop | pop")!;
  const explorer = new Explorer(core, program);
  const { failure, history } = explorer.replay(parseSchedule("0@62>1"));
  const complaint = `${failure?.kind}: ${failure?.message}`;
  const told = [...explorer.machine.trace(), "", ...describeHistory(history), "", complaint]
    .join("\n")
    .replace(/~lib\/(?:@masstree\/)?[\w-]+\/assembly\//g, "");
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, shown = ""] = /--replay='0@62>1'\n\.\.\.\n(.*?)\n```/s.exec(readme) ?? [];
  const parts = shown.split("\n...\n");
  expect(parts).toHaveLength(3);
  for (const part of parts) expect(told).toContain(part);
});

test.each(stackMutants)("a mutant finds its place in the sources as they are now: $name", (one) => {
  checkPlaces(one, fileURLToPath(new URL("../../..", import.meta.url)));
});
