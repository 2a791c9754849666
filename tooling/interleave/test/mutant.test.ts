import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { edit as editOf, mutant, Patch } from "../src/mutants/mutant.ts";
import { checkPlaces } from "../src/mutants/places.ts";

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

test.each([
  ["const BUG", "let BUG", undefined],
  ["const GONE", "let GONE", "0 times"],
  ["const", "const", "changes nothing"],
])(
  "whether '%s' is in the sources to become '%s' is seen without a compiler",
  (from, to, complaint) => {
    const assembly = fileURLToPath(new URL("../assembly", import.meta.url));
    const check = () =>
      checkPlaces(mutant("planted", editOf("constants.d.ts", from, to)), assembly);
    if (complaint === undefined) check();
    else expect(check).toThrow(complaint);
  },
);
