// The check of labels, over the texts of small repositories and through its command.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkLabels } from "../src/labels.js";

const command = fileURLToPath(new URL("../bin/check-labels.js", import.meta.url));

const leaf = `/**
 * A leaf.
 *
 * Invariants
 *   LEAF1  Entries ascend.
 *   LEAF2  The bounds enclose
 *     them.
 */
export const leaf = 1; // LEAF1
`;

const lock = `// A lock.
//
//   LOCK1  One holder.

import { leaf } from "./leaf";
`;

const problemsOf = (files: Record<string, string>): string[] =>
  checkLabels(Object.entries(files).map(([path, text]) => ({ path, text }))).problems;

test("labels that are defined once may be cited anywhere", () => {
  const files = {
    "leaf.ts": leaf,
    "lock.ts": lock,
    "put.ts": "/* Rests on LEAF2, LOCK1. */\nconst put = 1; // (LOCK1)\n",
    "put.test.ts": 'test("LEAF1: entries ascend", () => {});\n',
    "README.md": "Holds (leaf.ts LEAF1), and LOCK1.\n",
  };
  expect(problemsOf(files)).toEqual([]);
});

test("a label that two files define is told with both places", () => {
  expect(problemsOf({ "leaf.ts": leaf, "other.ts": leaf })).toEqual([
    "other.ts:5 LEAF1 is defined a second time, first in leaf.ts:5",
    "other.ts:6 LEAF2 is defined a second time, first in leaf.ts:6",
  ]);
});

test("a label that one file defines twice is told", () => {
  const twice = "// A lock.\n//   LOCK1  One holder.\n//   LOCK1  Two holders.\n";
  expect(problemsOf({ "lock.ts": twice })).toEqual([
    "lock.ts:3 LOCK1 is defined a second time, first in lock.ts:2",
  ]);
});

test.each([
  ["a comment", "put.ts", "const put = 1;\n// See LEAF3.\n"],
  ["a comment behind code", "put.ts", "\nconst put = 1; // LEAF3\n"],
  ["a test's name", "put.test.ts", '\ntest("LEAF3 holds", () => {});\n'],
  ["Markdown", "docs/page.md", "# Page\n`leaf.ts`, LEAF3\n"],
  ["a definition with one space", "put.ts", "// Put.\n//   LEAF3 Is late.\n"],
])("a label that no file defines is told where it is cited: %s", (_, path, text) => {
  expect(problemsOf({ "leaf.ts": leaf, [path]: text })).toEqual([
    `${path}:2 LEAF3 is cited, but no file defines it`,
  ]);
});

test("a label in prose is told as well when no file defines any of its prefix", () => {
  const text = "// See GONE1.\nconst GONE2 = 0x12;\n";
  expect(problemsOf({ "put.ts": text, "page.md": "GONE3\n" })).toEqual([
    expect.stringMatching(/^page.md:1 GONE3 is cited, but no file defines it, nor any GONE;/),
    expect.stringMatching(/^put.ts:1 GONE1 is cited, but no file defines it, nor any GONE;/),
  ]);
});

test("what only resembles a label is none", () => {
  const text = `// LEB128 on ARM64. UTF-8, xLEAF9, LEAF9x, leaf9, a.LEAF9, LEAF_9, LEAF9999.
const hex = 0xfff0000000000000n;
`;
  expect(problemsOf({ "leaf.ts": leaf, "put.ts": text })).toEqual([]);
});

test("a definition below the head comment is told", () => {
  const text = `${lock}/**\n *   LOCK2  Late.\n */\n`;
  expect(problemsOf({ "lock.ts": text })).toContain(
    "lock.ts:7 LOCK2 is defined below the head comment of its file: move it there",
  );
});

test("a label of one or two letters is told", () => {
  expect(problemsOf({ "lock.ts": "// A lock.\n//  L1  One holder.\n" })).toEqual([
    "lock.ts:2 L1 is too short: a label has three letters or more",
  ]);
});

test("the command reads what git knows or would take, and tells all places in order", () => {
  const directory = mkdtempSync(join(tmpdir(), "labels-"));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  const check = () => spawnSync(process.execPath, [command, directory], { encoding: "utf8" });
  try {
    spawnSync("git", ["init", "-q"], { cwd: directory });
    write(".gitignore", "dist/\n");
    write("dist/leaf.js", leaf);
    write("src/leaf.ts", leaf);
    write("src/ä.ts", lock);
    expect(check()).toMatchObject({
      status: 0,
      stdout: "3 labels in 2 files: each is defined once, none is cited without.\n",
      stderr: "",
    });
    write("b.md", `${"\n".repeat(9)}LEAF9 (LEAF8)\n\nLEAF7\n`);
    expect(check()).toMatchObject({
      status: 1,
      stderr: [
        "b.md:10 LEAF9 is cited, but no file defines it",
        "b.md:10 LEAF8 is cited, but no file defines it",
        "b.md:12 LEAF7 is cited, but no file defines it",
        "",
      ].join("\n"),
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
