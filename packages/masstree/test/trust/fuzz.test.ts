import { readdirSync, readFileSync } from "node:fs";
import { runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import { bytesSource, fuzz, inputOf, randomSource } from "./fuzz.ts";
import { debugBuilds } from "./programs.ts";

useBuilds(debugBuilds);

// The soak adds to these what it finds: regressions/README.md.
const regressions = new URL("regressions/", import.meta.url);
const inputs = readdirSync(regressions).filter((name) => name.endsWith(".bin"));

test.each(inputs)("behaves like the oracle on an input that once failed: %s", (name) => {
  const bytes = readFileSync(new URL(name, regressions));
  expect(() => fuzz(bytesSource(bytes))).not.toThrow();
});

test("behaves like the oracle on any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600, size: "max" }), (bytes) => {
      fuzz(bytesSource(bytes));
    }),
    { numRuns: runs(150) },
  );
});

test("behaves like the oracle in the soak's sequences", () => {
  for (let index = 0; index < runs(150); index++) fuzz(bytesSource(inputOf(seed, index)));
});

test("behaves like the oracle in a long sequence", () => {
  expect(fuzz(randomSource(seed, runs(20_000)))).toBeGreaterThan(1000);
});

test("a planted fault is found", () => {
  const { get } = MassTree.prototype;
  const forgetful = vi.spyOn(MassTree.prototype, "get").mockImplementation(function (
    this: MassTree,
    key,
  ) {
    const value = get.call(this, key);
    return typeof value === "number" && value % 4 === 1 ? undefined : value;
  });
  try {
    expect(() => {
      for (let i = 0; i < 3; i++) fuzz(randomSource(seed + i, 20_000));
    }).toThrow(/^width .*\(get\): got 0, expected/);
  } finally {
    forgetful.mockRestore();
  }
});
