// The README's examples run, and what it shows of the sources is in them.
import { readFileSync } from "node:fs";
import { testExamples } from "@tooling/vitest/readme";
import { describe, expect, test } from "vitest";

testExamples(import.meta.url);

// A formatter indents the README's code anew.
const unindented = (code: string) => code.replaceAll(/^ +/gm, "");
const read = (path: string) =>
  unindented(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));

describe("what the README shows of the sources is there:", () => {
  const shown = [...read("README.md").matchAll(/^```[jt]s of (\S+)\n(.*?)^```$/gms)].flatMap(
    ([, path, code]) =>
      code!.split(/^ *\/\/ \.\.\.\n/m).map((part) => ({ path: path!, part: unindented(part) })),
  );

  test("something is shown", () => expect(shown.length).toBeGreaterThan(5));

  test.each(shown)("$path: $part", ({ path, part }) => expect(read(path)).toContain(part));
});
