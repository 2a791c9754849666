// A mutant of a small core: which programs reach it, and whether they see it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/explore.ts";
import { type CoreHuntOptions, huntCore } from "../../src/mutants/generator/core-hunt.ts";
import { collect, isIn, reaching } from "../../src/mutants/generator/coverage.ts";
import { edit } from "../../src/mutants/mutant.ts";
import { coreOf, defineTarget } from "../../src/target.ts";
import { directory, machine, op } from "../fixtures.ts";

function program(name: string, ...calls: string[]): Program {
  return {
    name,
    threads: calls.map((call) => ({ operations: [op(call)] })),
    machine,
    check: (after, { history }) => {
      const counter = Number(after.call(after.observer, "counter"));
      const wanted = history.filter(({ operation }) => operation.call === "increment").length;
      return counter === wanted ? undefined : `the counter is ${counter}, not ${wanted}`;
    },
  };
}

const target = defineTarget({
  name: "small",
  core: { directory, entry: "assembly/fixtures.ts", use: { BUG: 0 } },
  programs: () => [
    program("reads", "readPair", "readPair"),
    program("counts", "increment", "increment"),
  ],
});

const file = "assembly/fixtures.ts";
const line = "  else atomic.add<i32>(LOCK, 1);\n";

const text = readFileSync(join(directory, file), "utf8");
const at = text.slice(0, text.indexOf(line)).split("\n").length;

async function hunted(find: string, replace: string, where = at): Promise<string> {
  const lines = { file, first: where, last: where };
  const options: CoreHuntOptions = {
    edit: edit(file, find, replace),
    lines,
    around: lines,
    crashesFirst: false,
    effort: "brief",
    seed,
  };
  const { outcome, finding } = await huntCore(target, options);
  return finding === undefined ? outcome : `${outcome} by ${finding.program}: ${finding.message}`;
}

describe("a mutant", () => {
  test("is caught by a program that reaches it", async () => {
    const twoSteps = "  else atomic.store<i32>(LOCK, atomic.load<i32>(LOCK) + 1);\n";
    expect(await hunted(line, twoSteps)).toBe("caught by counts: check: the counter is 1, not 2");
  });

  test("that changes nothing in the compiled core is told apart", async () => {
    expect(await hunted(line, "  else atomic.add<i32>(LOCK, 2 - 1);\n")).toBe("same");
  });

  test("of which the core has no code is told apart", async () => {
    expect(await hunted(line, "\n", 1)).toBe("absent");
  });

  test("that does not compile says why", async () => {
    expect(await hunted(line, "  else atomic.add<i32>(NOWHERE, 1);\n")).toMatch(
      /^broken by : [\s\S]*NOWHERE/,
    );
  });
});

test("coverage tells which program reaches which line", async () => {
  const { lines, programs } = collect(await coreOf(target), target.programs(), []);
  const place = lines.find((one) => isIn(one, { file, first: at, last: at }));
  expect(place).toMatch(new RegExp(`assembly/fixtures\\.ts:${at}$`));
  expect(reaching(programs, lines, { file, first: at, last: at })).toEqual(["counts"]);
});
