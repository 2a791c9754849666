import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

/** Bytes of heap for each string that is kept. */
let kept: Readonly<Record<"keys" | "values" | "json", number>>;

beforeAll(async () => {
  const program = fileURLToPath(new URL("programs/kept-strings.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program]);
  kept = JSON.parse(stdout);
});

test.each(["keys", "values"] as const)(
  "one of the strings that %s gives keeps at most 2 KiB beside it",
  (name) => {
    // The text, the string and its place in the list, and what else came to the heap. Twice the text would be too much.
    expect(kept[name]).toBeLessThan(3500);
  },
);

test("the measurement sees what a string keeps", () => {
  expect(kept.keys).toBeGreaterThan(1000);
});

test("one of the values that are read from JSON keeps nothing else", () => {
  expect(kept.json).toBeLessThan(150);
});
