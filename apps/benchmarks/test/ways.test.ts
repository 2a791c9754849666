// Tests that every way counts right, in real processes with real threads, and that the check finds every
// planted fault. test/fixtures/faulty-way.mjs defines the faults.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "@tooling/vitest/random";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Difference, UsageError } from "../src/failure.ts";
import type { Progress } from "../src/progress.ts";
import { type IndexOptions, index } from "../src/word-index/command.ts";
import { EVERYTHING, FILE } from "../src/word-index/counts.ts";
import { findTextFiles } from "../src/word-index/files.ts";
import { recount } from "../src/word-index/recount.ts";
import { type Known, knownFrom, runAndCheck } from "../src/word-index/run-way.ts";
import { wayNames } from "../src/word-index/ways/registry.ts";

const faulty = (fault: string): string =>
  new URL(`./fixtures/faulty-way.mjs?fault=${encodeURIComponent(fault)}`, import.meta.url).href;

const silent: Progress = { current: undefined, begin() {}, update() {}, done() {}, fail() {} };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-ways-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function put(name: string, text: string): void {
  mkdirSync(join(directory, name, ".."), { recursive: true });
  writeFileSync(join(directory, name), text);
}

const surroundings = () => ({
  processScript: new URL("../dist/index-process.js", import.meta.url),
  workerScript: new URL("../dist/index-worker.js", import.meta.url),
  progress: silent,
});

async function run(dir: string, options: Partial<IndexOptions>): Promise<string> {
  const printed: string[] = [];
  await index(
    { dir: join(directory, dir), limit: 2 ** 30, threads: 3, ways: [], ...options },
    { ...surroundings(), root: directory, print: (text) => printed.push(text) },
  );
  return printed.join("\n");
}

it("the recount counts each word and each file it is in", async () => {
  put("recount/a.txt", "One two TWO.");
  put("recount/b.txt", "two");
  put("recount/empty", "");
  const files = ["a.txt", "b.txt", "empty"].map((name) => join(directory, "recount", name));
  expect(await recount(files)).toEqual(
    new Map([
      ["one", FILE + 1],
      ["two", 2 * FILE + 3],
      [EVERYTHING, 3 * FILE + 4],
    ]),
  );
});

describe("every way", () => {
  it("counts as the recount does, with more threads than files are left in the end", async () => {
    const uniform = random(1);
    const below = (limit: number) => Math.floor(uniform() * limit);
    const words = [
      "tree",
      "trees",
      "treble",
      "conch",
      "conc",
      "concat",
      "use",
      "used",
      "Größe",
      "𝒳𝒴",
    ];
    for (let file = 0; file < 40; file++) {
      const text = Array.from({ length: below(300) }, () => words[below(words.length)]);
      put(`real/${file % 5}/${file}`, `${text.join(" ")} only_in_${file}`);
    }
    const shown = await run("real", { ways: wayNames });
    expect(shown).toMatch(/all 40 text files, .* words, 50 different ones; 3 workers/s);
    for (const row of ["masstree, one map", "Map, one thread", "lmdb, one file"]) {
      expect(shown).toMatch(new RegExp(`│ ${row} +│ +\\d`));
    }
    expect(shown).toContain("Every way counted every word as a plain recount did.");
    expect(shown).toMatch(/=> conc\w* \(\d+ in \d+\), conc\w* \(\d+ in \d+\), conc/);
    expect(shown).toMatch(
      /words\.lower\("masstree"\)[^=]*=> größe \(\d+ in \d+\), only_in_0 \(1 in 1\)/,
    );
    for (const line of shown.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("counts nothing if there are files but no words in them", async () => {
    put("wordless/a", "+ - * /");
    put("wordless/b", "");
    const shown = await run("wordless", { ways: wayNames });
    expect(shown).toMatch(/all 2 text files, 7 bytes\n0 words, 0 different ones/);
    expect(shown).toContain("Every way counted every word");
  });
});

describe("the check", () => {
  let known: Known;
  beforeAll(async () => {
    put("small/a", "tree treat trek tree_1 tree_2 concat conceal concern user using used uses");
    put("small/b", "victim and victim, tree_3 tree_4 tree_5 tree_6 tree_7 tree_8");
    const { files } = await findTextFiles(join(directory, "small"), () => undefined);
    known = knownFrom(files, await recount(files.map(({ path }) => path)));
  });
  const runWith = (fault: string) => runAndCheck(faulty(fault), known, 1, surroundings());

  it("finds nothing in a way without faults", async () => {
    const { outcome } = await runWith("");
    expect(outcome!.answers.map(({ found }) => found)).toContainEqual(3);
  });

  it.each([
    ["lost word", /^faulty: "victim" is not there, but 2 times in 1 file in the files$/],
    ["foreign word", /^faulty: "nowhere" is there, but not in the files$/],
    ["wrong count", /^faulty: "victim" is there 3 times in 1 file, not 2 times in 1 file$/],
    ["wrong number of files", /^faulty: "victim" is there 2 times in 0 files, not 2 times in 1/],
    ["wrong total", /^faulty: the total of all words is there 19 times in 2 files, not 21 times/],
    ["out of order", /^faulty: "victim" comes after .*: out of order|comes after "victim"/],
    ["twice", /^faulty: ".*" is there twice$/],
    ["range past its end", /^faulty: words\.entries\(\{ gte: "tree", .* gave .* instead of/],
    ["wrong number in a range", /^faulty: words\.count\(.* gave 4 instead of 3$/],
    ["wrong neighbour", /^faulty: words\.lower\("masstree"\).* gave .* instead of/],
    ["meanwhile: other prefix", /while the files were read, the answer for ".*" had "\*other"$/],
    [
      "meanwhile: too many",
      /while the files were read, .* had ".*" \d+ times? in .*, but in the end/,
    ],
    ["meanwhile: in too many files", /while the files were read, .* files, but in the end/],
    ["meanwhile: twice", /while the files were read, .* twice$/],
  ])("finds the fault '%s'", async (fault, message) => {
    const error = await runWith(fault).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Difference);
    expect((error as Error).message).toMatch(message);
  });

  it.each([
    ["throws", /^planted$/],
    ["dies", /^the process of 'faulty' ended with status 7 before it had a result$/],
  ])("fails if the way %s", async (fault, message) => {
    await expect(runWith(fault)).rejects.toThrow(message);
  });

  it("blames a file that has disappeared, and not the way that could not read it", async () => {
    put("gone/a", "word");
    const { files } = await findTextFiles(join(directory, "gone"), () => undefined);
    const before = knownFrom(files, await recount(files.map(({ path }) => path)));
    rmSync(join(directory, "gone/a"));
    const failing = runAndCheck("masstree", before, 1, surroundings());
    await expect(failing).rejects.toThrow(UsageError);
    await expect(failing).rejects.toThrow(/^'a' has disappeared while it was being indexed: run/);
  });

  it("blames a file that has changed, and not the way that counted what is there now", async () => {
    put("changed/a", "word");
    const { files } = await findTextFiles(join(directory, "changed"), () => undefined);
    const before = knownFrom(files, await recount(files.map(({ path }) => path)));
    put("changed/a", "another word");
    const failing = runAndCheck("one-thread", before, 1, surroundings());
    await expect(failing).rejects.toThrow(/^'a' has changed while it was being indexed: run/);
  });
});

describe("input that cannot be used", () => {
  it.each([
    ["a missing directory", "none", {}, /there is no directory '.*none'/],
    ["a file", "small/a", {}, /'.*a' is not a directory/],
    ["an empty directory", "empty", {}, /there are no text files in '.*empty': give another one/],
    [
      "files that are not text",
      "binary",
      {},
      /there are no text files in .* \(left out: 1 not text\)/,
    ],
    [
      "a limit below every file",
      "small",
      { limit: 3 },
      /no text file in .* is within 3 bytes: raise/,
    ],
  ])("%s", async (_, dir, options, message) => {
    mkdirSync(join(directory, "empty"), { recursive: true });
    put("binary/a", "\0");
    const failing = run(dir, { ways: ["one-thread"], ...options });
    await expect(failing).rejects.toThrow(UsageError);
    await expect(failing).rejects.toThrow(message);
  });
});
