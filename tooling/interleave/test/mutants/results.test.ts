import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { candidatesIn, keyOf } from "../../src/mutants/generator/candidates.ts";
import { reasonsFor } from "../../src/mutants/generator/equivalents.ts";
import { reportOf } from "../../src/mutants/generator/report.ts";
import { addResult, type Result, readResults } from "../../src/mutants/generator/results.ts";
import { Source } from "../../src/mutants/generator/source.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "results-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function result(id: string, outcome: Result["outcome"]): Result {
  const place = { package: "tree", operator: "leave out a store", file: "tree/assembly/put.ts" };
  const edit = { find: `  store${id}();\n  done();`, replace: "  done();" };
  return { id, ...place, ...edit, line: 3, outcome, seconds: 2 };
}

test("a run goes on from what an earlier one has kept, even one that was cut short", () => {
  const file = join(folder, "new", "results.jsonl");
  expect(readResults(file).size).toBe(0);
  addResult(file, result("1", "caught"));
  appendFileSync(file, '{"id":"2","pack');
  addResult(file, result("3", "survived"));
  expect([...readResults(file).keys()]).toEqual(["1", "3"]);
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(4);
});

test("a later result of the same mutant counts", () => {
  const file = join(folder, "results.jsonl");
  addResult(file, result("1", "survived"));
  addResult(file, result("1", "caught"));
  expect(readResults(file).get("1")?.outcome).toBe("caught");
});

test("the report gives the score before and after reasons, and each survivor as a diff", () => {
  const results = [
    result("1", "caught"),
    result("2", "survived"),
    result("3", "survived"),
    result("4", "same"),
  ];
  const lines = [...reportOf(results, new Map([[keyOf(results[2]!), "nobody reads it"]]))];
  expect(lines).toContain("        -   store2();");
  expect(lines).toContain("          --generated --mutant 2");
  expect(lines).toContain("          equivalent: nobody reads it");
  expect(lines).toContain("tree                              1    3");
  expect(lines.at(-2)).toBe(
    "caught 1 of 3: 33.3 % before reasons; 2 survived, 1 of them with a reason",
  );
  expect(lines.at(-1)).toMatch(/^score 50\.0 %; 1 others compile to the same module/);
});

test("a reason survives another layout of the text, and is refused without its mutant", () => {
  const text = "export function f(at: usize): void {\n  store<u32>(at, 1);\n}\n";
  const candidates = candidatesIn(new Source("tree/assembly/f.ts", text));
  const file = "tree/assembly/f.ts";
  const reason = { file, find: "store<u32>(at, 1);", replace: "", reason: "nobody reads it" };
  expect([...reasonsFor([reason], candidates).values()]).toEqual(["nobody reads it"]);
  const gone = { ...reason, find: "store<u32>(at, 2);" };
  expect(() => reasonsFor([gone], candidates)).toThrow("does not exist");
});
