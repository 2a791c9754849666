// Runs the programs as their pages say, with small input.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

const directory = fileURLToPath(new URL("..", import.meta.url));

function run(program: string, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(directory, program, "main.mjs"), ...args],
      (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

/** What a program that ends well prints. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(program, ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

/** The numbers of a line that has the form of `pattern`. */
function numbers(text: string, pattern: RegExp): number[] {
  expect(text).toMatch(pattern);
  return pattern.exec(text)!.slice(1).map(Number);
}

test("first map", async () => {
  expect(await output("first-map", "Si")).toBe(
    [
      "5 cities, from Lima to Sofia",
      "Singapore (Singapore): 5,640,000",
      "After Paris comes Santiago.",
      "A worker counted 22,857,000 people.",
      "",
    ].join("\n"),
  );
});

test("first map takes one prefix, or says what it takes", async () => {
  expect(await run("first-map", "Si", "Lo")).toEqual({
    status: 2,
    stdout: "",
    stderr: "node first-map/main.mjs [PREFIX]   lists the cities that begin with PREFIX\n",
  });
});

describe("word index", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "word-index-"));
    writeFileSync(join(folder, "a.txt"), "The map, the MAP and the maps.");
    writeFileSync(join(folder, "b.md"), "A map: the key.");
    writeFileSync(join(folder, "c.js"), "the the the");
    writeFileSync(join(folder, "d.txt"), "");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("counts words over all files and threads", async () => {
    const said = await output(
      "word-index",
      ...["--workers", "3", "--top", "2", "--find", "map*", folder],
    );
    expect(said).toMatch(/^3 files, read by 3 threads in /);
    const read = [...said.matchAll(/thread \d: (\d+) files, (\d+) words/g)];
    expect(read.reduce((sum, [, files]) => sum + Number(files), 0)).toBe(3);
    expect(read.reduce((sum, [, , words]) => sum + Number(words), 0)).toBe(11);
    expect(said.slice(said.indexOf("6 different"))).toBe(
      [
        "6 different words. The most frequent:",
        "  the: 4, in 2 files",
        "  map: 3, in 2 files",
        `map: 3, of which 2 in ${join(folder, "a.txt")}`,
        `maps: 1, of which 1 in ${join(folder, "a.txt")}`,
        "",
      ].join("\n"),
    );
  });

  test("takes single files, whatever their names, and says what it has not found", async () => {
    const said = await output("word-index", "--find", "map", join(folder, "c.js"));
    expect(said).toContain("1 different words");
    expect(said).toContain("'map' is in none of them.");
  });

  test.each([
    [["no-such-file"], "There is no file or folder 'no-such-file'."],
    [[], "There is no file to index."],
  ])("refuses %j", async (args, message) => {
    const { status, stderr } = await run("word-index", ...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `${message}\nTry --help.\n` });
  });
});

test("url cache: what is not in the cache is fetched, and all expires", async () => {
  const said = await output(
    "url-cache",
    ...["--workers", "2", "--requests", "100", "--urls", "20", "--ttl", "50"],
  );
  expect(said).toMatch(/^200 pages were asked for by 2 threads:\n/);
  const [hits = 0, misses = 0] = numbers(said, /(\d+) were in the cache, (\d+) were fetched/);
  expect(hits + misses).toBe(200);
  expect(numbers(said, /The server served (\d+)\./)).toEqual([misses]);
  expect(misses).toBeLessThan(200);
  const [swept = 0, left] = numbers(said, /(\d+) pages expired and were removed; (\d+) are left/);
  expect(swept).toBeGreaterThan(0);
  expect(left).toBe(0);
});

test("session store: all servers count every visit, and a logout holds everywhere", async () => {
  const said = await output("session-store", "--servers", "2", "--users", "2", "--visits", "10");
  expect(said).toBe(
    [
      "84 requests to 2 servers",
      "user1: 2 sessions with 20 and 20 visits",
      "user2: 2 sessions with 20 and 20 visits",
      "user1 logs out everywhere: Ended 2 sessions.",
      "user1 is answered 401.",
      "user1 is answered 401.",
      "",
    ].join("\n"),
  );
});

test("leaderboard: each player has one row, and no point is lost", async () => {
  const said = await output("leaderboard", ...["--games", "3000", "--players", "5", "--top", "2"]);
  const [points] = numbers(said, /^12000 games, (\d+) points, 5 players\n/);
  const [first = 0, second = 0] = numbers(
    said,
    / {2}1\. player \d +(\d+)\n {2}2\. player \d +(\d+)\n/,
  );
  expect(first).toBeGreaterThanOrEqual(second);
  expect(numbers(said, /The board has (\d+) rows with (\d+) points/)).toEqual([5, points]);
  expect(said).toMatch(/The last one, player \d, has rank [45]\.\n$/);
});

test("rate limiter: several threads together allow no more than the limit", async () => {
  const said = await output(
    "rate-limiter",
    ...["--workers", "3", "--requests", "2000", "--clients", "2", "--limit", "50"],
  );
  const [right, wrong] = said.split("With get and set, which is wrong:\n");
  // Each client asks 3,000 times, so at least one of two windows is used up.
  expect(right).toContain("at most 50 of a client were allowed in a window; the limit is 50\n");
  expect(wrong).toMatch(/at most \d+ of a client were allowed in a window; the limit is 50\n/);
  expect(said.match(/, 0 are left\n/g)).toHaveLength(2);
});

test("job queue: every job that can be done has a result, whoever ends", async () => {
  const said = await output(
    "job-queue",
    ...["--workers", "2", "--jobs", "60", "--rounds", "200", "--crashes", "2"],
  );
  expect(said).toContain("Job 61 cannot be done: given up after 3 tries.\n");
  expect(said).toMatch(/Job 62 was urgent: [\da-f]{8}\.\n/);
  expect(said).toContain("61 of 62 jobs were done by 2 threads.\n");
  const [ended] = numbers(said, /(\d+) threads ended before their time/);
  expect(ended).toBeGreaterThanOrEqual(3);
});

describe("command lines", () => {
  const takesOptions = [
    "word-index",
    "url-cache",
    "session-store",
    "leaderboard",
    "rate-limiter",
    "job-queue",
  ];

  test.each(takesOptions)("%s shows its help", async (program) => {
    expect(await output(program, "--help")).toContain(`node ${program}/main.mjs`);
  });

  test.each([
    ["leaderboard", ["--games", "0"], "--games takes a whole number from 1 on, not '0'."],
    ["url-cache", ["--ttl", "1.5"], "--ttl takes a whole number from 1 on, not '1.5'."],
    ["job-queue", ["--crashes", "x"], "--crashes takes a whole number from 0 on, not 'x'."],
    ["rate-limiter", ["--speed", "9"], "Unknown option '--speed'"],
    ["session-store", ["more"], "Unexpected argument 'more'"],
  ])("%s refuses %j", async (program, args, message) => {
    const { status, stdout, stderr } = await run(program, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain("Try --help.\n");
  });
});
