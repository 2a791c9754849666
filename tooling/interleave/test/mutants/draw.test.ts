import { seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import type { Candidate } from "../../src/mutants/generator/candidates.ts";
import { draw } from "../../src/mutants/generator/draw.ts";
import { edit } from "../../src/mutants/mutant.ts";

/** Many of the large package's first file and first operator, few of the others. */
const candidates = ["large", "small"].flatMap((name) =>
  ["one", "two"].flatMap((file) =>
    ["leave out", "swap"].flatMap((operator) => {
      const many = name === "large" ? (file === "one" && operator === "swap" ? 40 : 12) : 8;
      return Array.from(
        { length: many },
        (_, number): Candidate => ({
          package: name,
          operator,
          function: "some",
          line: number,
          lastLine: number,
          functionLines: [0, many],
          edit: edit(`${name}/assembly/${file}.ts`, `${operator} ${number}`, ""),
        }),
      );
    }),
  ),
);

const count = (drawn: readonly Candidate[], test: (one: Candidate) => boolean) =>
  drawn.filter(test).length;

test("the same seed draws the same, and everything is drawn once", () => {
  const drawn = [...draw(candidates, seed)];
  expect([...draw(candidates, seed)]).toEqual(drawn);
  expect(new Set(drawn).size).toBe(candidates.length);
});

test("other seeds draw in another order", () => {
  expect([...draw(candidates, seed + 1)]).not.toEqual([...draw(candidates, seed)]);
});

test("the first ones are spread evenly over packages, files and operators", () => {
  const drawn = [...draw(candidates, seed)].slice(0, 32);
  for (const name of ["large", "small"]) {
    expect(count(drawn, (one) => one.package === name)).toBe(16);
    for (const file of ["one", "two"]) {
      expect(count(drawn, ({ edit }) => edit.file === `${name}/assembly/${file}.ts`)).toBe(8);
    }
  }
  expect(count(drawn, ({ operator }) => operator === "swap")).toBeGreaterThan(11);
  expect(count(drawn, ({ operator }) => operator === "swap")).toBeLessThan(21);
});
