import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Patch } from "../src/mutants/mutant.ts";
import { boxedMutants } from "../src/programs/boxed-mutants.ts";
import { treeMutants } from "../src/programs/tree-mutants.ts";

const edit = { file: "tree/put.ts", find: "two()", replace: "$& three()" };

test("an edit changes its file, and text is taken as it is", () => {
  const patch = new Patch([edit]);
  expect(patch.replace("/a/tree/put.ts", "one() two()")).toBe("one() $& three()");
  expect(patch.replace("/a/tree/get.ts", "two()")).toBeUndefined();
  expect(patch.replace("C:\\a\\tree\\put.ts", "two()")).toBe("$& three()");
  patch.finish();
});

test("an edit whose text moved is an error, and so is one that is there twice", () => {
  expect(() => new Patch([edit]).replace("/a/tree/put.ts", "one()")).toThrow("0 times");
  expect(() => new Patch([edit]).replace("/a/tree/put.ts", "two() two()")).toThrow("2 times");
});

test("an edit of a file that is not compiled is an error", () => {
  expect(() => new Patch([edit]).finish()).toThrow("not compiled");
});

test("several edits of one file are made in their order", () => {
  const patch = new Patch([edit, { file: "put.ts", find: "one()", replace: "zero()" }]);
  expect(patch.replace("/tree/put.ts", "one() two()")).toBe("zero() $& three()");
});

describe("finds its place in the sources as they are now", () => {
  test.each([...treeMutants, ...boxedMutants])("$name", ({ edits }) => {
    const patch = new Patch(edits);
    for (const file of new Set(edits.map((one) => one.file))) {
      const url = new URL(`../../../packages/${file}`, import.meta.url);
      expect(patch.replace(url.pathname, readFileSync(url, "utf8"))).toBeDefined();
    }
    patch.finish();
  });
});
