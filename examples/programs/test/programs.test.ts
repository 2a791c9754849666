// Runs the programs as their pages say, with small input.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MassTree } from "masstree";
import { load } from "masstree/node";
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

test("parallel aggregate: many threads find what one finds, whatever the parts", async () => {
  const said = await output(
    "parallel-aggregate",
    ...["--workers", "3", "--parts", "4", "--readings", "20001", "--stations", "5"],
  );
  expect(said).toMatch(/^One thread took \d\.\d{3} s for 20001 readings\.\n/);
  const [least = 0, most = 0] = numbers(said, /The parts have from (\d+) to (\d+) readings/);
  // One of five stations has half of all readings, so the cuts cannot be those between stations.
  expect(least).toBeGreaterThan(20_001 / 12 / 2);
  expect(most).toBeLessThan((2 * 20_001) / 12);
  const taken = numbers(said, /They summed up (\d+), (\d+), (\d+) parts\./);
  expect(taken[0]! + taken[1]! + taken[2]!).toBe(12);
  expect(said).toContain("Both found the same of 5 stations.\n");
  expect(said).toContain("  station 0001: -11.0 °C to 11.0 °C, 0.0 °C on average\n");
});

test("parallel aggregate: there may be more threads than readings", async () => {
  const said = await output("parallel-aggregate", "--workers", "3", "--readings", "1");
  expect(said).toContain("The parts have from 1 to 1 readings.\n");
  expect(said).toContain("Both found the same of 1 stations.\n");
});

test("durable cache: a second start finds every visit in the file", async () => {
  const said = await output(
    "durable-cache",
    ...["--workers", "2", "--pages", "50", "--visits", "100"],
  );
  expect(said).toBe(
    ["The first start finds 0", "The second start finds 50"]
      .map(
        (start) =>
          `${start} pages in the file.\n  2 threads read 4000 pages from memory,\n  and counted 200 visits.\n`,
      )
      .join(""),
  );
});

describe("save and load", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "save-and-load-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("saves while threads write, loads what it saved, and refuses damaged files", async () => {
    const said = await output("save-and-load", "--workers", "2", "--pages", "5000");
    expect(said).toMatch(/ 100 %: 5000 pages, \d+ KB\nSaved 5000 pages in \d+ KB\.\n/);
    expect(said).toContain("Loaded 5000 pages. Each has a number of visits from the time of");
    expect(said).toContain("2 threads counted all the while.\n");
    expect(said).toMatch(
      /^one bit wrong: The file is damaged: .* \(MASSTREE_BAD_FILE, offset \d+\)$/m,
    );
    expect(said).toMatch(
      /^cut off: The file ends after \d+ bytes.* \(MASSTREE_BAD_FILE, offset \d+\)$/m,
    );
    expect(said).toMatch(/^no saved map: .* \(MASSTREE_BAD_FILE, offset 0\)$/m);
  });

  test("keeps a file from one run to the next, and leaves one alone that it cannot read", async () => {
    const file = join(folder, "pages.masstree");
    await output("save-and-load", "--pages", "2000", "--file", file);
    const said = await output("save-and-load", "--pages", "1", "--file", file);
    const [visits] = numbers(said, /^Loaded 2000 pages with (\d+) visits\.\n/);
    expect(visits).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(["pages.masstree"]);

    writeFileSync(file, "something else, and longer than a header");
    const { status, stdout, stderr } = await run("save-and-load", "--file", file);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(
      `Cannot load '${file}': This is no saved map: it begins with other bytes.\n`,
    );
    expect(readFileSync(file, "utf8")).toBe("something else, and longer than a header");
  });

  test.skipIf(process.platform === "win32")(
    "Ctrl-C leaves a whole file, and no other",
    async () => {
      const own = mkdtempSync(join(folder, "own-"));
      const file = join(own, "pages.masstree");
      const program = join(directory, "save-and-load", "main.mjs");
      await output("save-and-load", "--pages", "3000", "--file", file);
      const child = execFile(process.execPath, [program, "--file", file]);
      let said = "";
      child.stdout!.on("data", (text) => {
        // The first line says that the file has been loaded.
        if (said === "") child.kill("SIGINT");
        said += text;
      });
      const [status] = await once(child, "close");
      // Nothing is left to interrupt once the last line has been written.
      expect(status).toBe(said.includes("no saved map:") ? 0 : 130);
      expect(readdirSync(own)).toEqual(["pages.masstree"]);
      using pages = await load(MassTree<{ visits: number }>, file);
      expect(pages.size).toBe(3000);
    },
  );
});

describe("command lines", () => {
  const takesOptions = [
    "word-index",
    "url-cache",
    "session-store",
    "leaderboard",
    "rate-limiter",
    "job-queue",
    "parallel-aggregate",
    "save-and-load",
  ];

  test.each(takesOptions)("%s shows its help", async (program) => {
    expect(await output(program, "--help")).toContain(`node ${program}/main.mjs`);
  });

  test.each([
    ["leaderboard", ["--games", "0"], "--games takes a whole number from 1 on, not '0'."],
    ["url-cache", ["--ttl", "1.5"], "--ttl takes a whole number from 1 on, not '1.5'."],
    ["job-queue", ["--crashes", "x"], "--crashes takes a whole number from 0 on, not 'x'."],
    ["rate-limiter", ["--speed", "9"], "Unknown option '--speed'"],
    ["parallel-aggregate", ["--parts", "0"], "--parts takes a whole number from 1 on, not '0'."],
    ["save-and-load", ["--file"], "Option '--file <value>' argument missing"],
    ["session-store", ["more"], "Unexpected argument 'more'"],
  ])("%s refuses %j", async (program, args, message) => {
    const { status, stdout, stderr } = await run(program, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain("Try --help.\n");
  });
});
