// Tests the whole program in its own process.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ended } from "@tooling/vitest/run-each";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runInOne, testRefusals } from "./program.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const overFixtures = fileURLToPath(new URL("./fixtures/run.mjs", import.meta.url));
const faultyWay = new URL("./fixtures/faulty-way.mjs", import.meta.url);
const logMap = new URL("./fixtures/log-map.mjs", import.meta.url);

let directory: string;
let keys: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-cli-"));
  keys = join(directory, "keys.txt");
  writeFileSync(keys, Array.from({ length: 400 }, (_, i) => `keys/of/${i % 9}/${i}\n`).join(""));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** @param interruptAt sends `signal` as soon as this text appears on standard error */
function run(
  script: string,
  args: readonly string[],
  interruptAt?: string,
  env: NodeJS.ProcessEnv = {},
  signal: NodeJS.Signals = "SIGINT",
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: directory,
      env: { ...process.env, CI: "true", ...env },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
      if (interruptAt !== undefined && err.includes(interruptAt)) child.kill(signal);
    });
    child.on("close", (status, by) => resolve({ status, signal: by, out, err }));
  });
}

describe("help", () => {
  const commands = ["index", "check", "bench", "guard", "figures", "convert-trace"];
  let help: Record<string, Ended>;
  beforeAll(async () => {
    const lines = [["--help"], ...commands.map((command) => [command, "--help"])];
    const ended = await runInOne(lines, directory);
    help = Object.fromEntries(lines.map(([command], index) => [command!, ended[index]!]));
  });

  it("lists the commands, their options and the exit statuses", () => {
    expect(Object.values(help).map(({ status }) => status)).toEqual(new Array(7).fill(0));
    const words = {
      "--help": ["index", "check", "bench", "Exit status"],
      check: ["--keys <file>", "--threads", "--seed"],
      index: ["--dir", "--limit", "--ways", "A text file has"],
      bench: ["--keys <kinds>", "--workload", "--json"],
    };
    for (const [command, listed] of Object.entries(words))
      for (const word of listed) expect(help[command]!.out).toContain(word);
  });

  it("fits into 80 columns, and breaks a line within a sentence only where it is full", () => {
    for (const { out } of Object.values(help)) {
      const lines = out.split("\n");
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      for (const [index, line] of lines.entries()) {
        const next = lines[index + 1] ?? "";
        const goesOn = /[a-z,;]$/.test(line) && /^ *[a-z]/.test(next);
        const [word] = next.trim().split(" ");
        if (goesOn) expect(`${line} ${word}`.length, line).toBeGreaterThan(79);
      }
    }
  });

  it("is shown, with status 2, if no command is given", async () => {
    const { status, err } = await run(cli, []);
    expect(status).toBe(2);
    expect(err).toContain("Usage: benchmarks");
  });
});

describe("wrong arguments end with status 2 and a message that says what is allowed", () => {
  testRefusals(
    [
      ["an unknown command", ["fast"], /unknown command 'fast'/],
      ["no size", ["index", "--limit", "64 furlongs"], /a size of at most 4GiB, such as 64MiB/],
      ["a size out of range", ["index", "--limit", "0.5"], /a size of at most 4GiB/],
      ["an unknown way", ["index", "--ways", "redis"], /no 'redis'. Choose from 'masstree'/],
      ["a directory that is missing", ["index", "--dir", "none"], /there is no directory 'none'/],
      ["figures into a directory", ["index", "--json", "."], /cannot write '.': it is a directory/],
      [
        "an unknown option",
        ["check", "--thread", "2"],
        /unknown option '--thread'[\s\S]*--threads/,
      ],
      ["too many arguments", ["check", "file.txt"], /too many arguments/],
      ["a missing value", ["check", "--keys"], /argument missing/],
      ["text instead of a number", ["check", "--threads", "two"], /whole number from 1 to 64/],
      ["a number out of range", ["check", "--threads", "0"], /whole number from 1 to 64/],
      ["a missing file", ["check", "--keys", "none.txt"], /there is no file 'none.txt'/],
      ["a directory", ["check", "--keys", "."], /is a directory/],
    ],
    () => directory,
  );
});

describe("check", () => {
  it("succeeds with the real maps, in one line for each", async () => {
    const { status, out, err } = await run(cli, ["check", "--keys", keys, "--threads", "2"]);
    const lines = err.trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/[\d,]+ operations.*/, "…"))).toEqual([
      expect.stringContaining("keys.txt"),
      expect.stringContaining("sort the input"),
      "ok MassTree, 2 threads, one map: …",
      "ok MassTree, 1 thread, a map of its own: …",
      "ok MassTreeInline, 2 threads, one map: …",
      "ok MassTreeInline, 1 thread, a map of its own: …",
    ]);
    expect(out).toMatch(/^Every answer was right/);
    expect(status).toBe(0);
  });

  it("shows every step, and the maps next to the peers, if it is verbose", async () => {
    const args = ["check", "--keys", keys, "--threads", "1", "--verbose"];
    const { status, out, err } = await run(cli, args);
    expect(err).toMatch(/MassTree, 1 thread: check that all memory is free again/);
    expect(err).toMatch(/MassTreeInline, 1 thread: check that all memory is free again/);
    expect(out).toContain("Every answer was right");
    for (const column of ["MassTree", "sorted-btree", "Map"]) expect(out).toContain(column);
    expect(status).toBe(0);
  });

  it.each([
    ["a single key of the greatest length", `${"a".repeat(65_536)}\n`],
    ["nothing but empty lines", "\n\n\n"],
  ])("succeeds with %s", async (_, text) => {
    const file = join(directory, "odd.txt");
    writeFileSync(file, text);
    const { status, out, err } = await run(cli, ["check", "--keys", file, "--threads", "1"]);
    expect(err).not.toContain("    at ");
    expect(out).toContain("Every answer was right");
    expect(status).toBe(0);
  });

  it("ends with status 1 and shows the first difference if an answer is wrong", async () => {
    const wrong = `${logMap}?fault=${encodeURIComponent("wrong value")}`;
    const { status, out, err } = await run(overFixtures, [wrong, "", "check", "--keys", keys]);
    expect(err).toMatch(/WRONG: LogMap, .* has the value 322 instead of 321/);
    expect(out).not.toContain("Every answer was right");
    expect(status).toBe(1);
  });

  it("ends at once with status 130 on Ctrl-C, in the middle of a step", async () => {
    // One thread sleeps forever in this map: only the signal can end the run.
    const hangs = `${logMap}?fault=hang`;
    const args = [hangs, "", "check", "--keys", keys, "--threads", "2"];
    const { status, signal, err } = await run(overFixtures, args, "asleep");
    expect({ status, signal }).toEqual({ status: 130, signal: null });
    expect(err).toMatch(
      /Interrupted during 'LogMap, 2 threads, one map'; all threads have stopped\.\n$/,
    );
  });
});

describe("index", () => {
  let texts: string;
  beforeAll(() => {
    texts = join(directory, "texts");
    mkdirSync(texts);
    for (const word of ["ape", "bee", "cat"]) writeFileSync(join(texts, word), `the ${word}`);
  });

  it("shows the table, the questions and where to go, and writes the figures", async () => {
    const report = join(directory, "index.json");
    const args = ["--dir", texts, "--ways", "masstree,one-thread", "--json", report];
    const { status, out, err } = await run(cli, ["index", ...args, "--threads", "2"]);
    expect(err).toMatch(/^(ok .*\n){6}$/);
    expect(out).toMatch(/all 3 text files.*\n6 words, 4 different ones; 2 workers\n┌/);
    expect(out).toContain("Every way counted every word as a plain recount did.");
    expect(out).toMatch(/=> the \(3 in 3\)/);
    expect(out).toMatch(/Where to go from here:/);
    expect(status).toBe(0);
    const json = JSON.parse(readFileSync(report, "utf8"));
    expect(json).toMatchObject({ format: 1, input: { files: 3, words: 4 } });
    expect(json.ways.map((way: { way: string }) => way.way)).toEqual(["masstree", "one-thread"]);
    for (const way of json.ways) expect(way.milliseconds).toBeGreaterThan(0);
  });

  it("runs the other ways if lmdb is not installed, and says so", async () => {
    const hide = new URL("./fixtures/without-lmdb.mjs", import.meta.url);
    const args = ["index", "--dir", texts, "--ways", "one-thread,lmdb"];
    const env = { NODE_OPTIONS: `--import=${hide}` };
    const { status, out } = await run(cli, args, undefined, env);
    expect(out).toMatch(/│ lmdb, one file +│ +- │/);
    expect(out).toContain("lmdb, one file: not run, because it is not installed.");
    expect(out).toContain("Every way that ran counted every word");
    expect(status).toBe(0);
  });

  it("ends with status 1 and shows the first difference if a way counts wrong", async () => {
    const wrong = `${faultyWay}?fault=${encodeURIComponent("foreign word")}`;
    const args = ["", "", "index", "--dir", texts];
    const { status, out, err } = await run(overFixtures, args, undefined, { INDEX_WAYS: wrong });
    expect(err).toContain('WRONG: faulty: "nowhere" is there, but not in the files');
    expect(out).toBe("");
    expect(status).toBe(1);
  });

  it("ends at once with status 130 on Ctrl-C, and leaves no process and no file", async () => {
    const never = `${faultyWay}?fault=${encodeURIComponent("never ends")}`;
    const args = ["", "", "index", "--dir", texts];
    const { status, err } = await run(overFixtures, args, "asleep", { INDEX_WAYS: never });
    expect(status).toBe(130);
    expect(err).toMatch(/Interrupted during 'faulty'; all threads have stopped\.\n$/);
    const [, pid, scratch] = /asleep: (\d+) (.*)\n/.exec(err)!;
    await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
    expect(existsSync(scratch!)).toBe(false);
  });

  it("leaves no process and no file if it is killed", async () => {
    const never = `${faultyWay}?fault=${encodeURIComponent("never ends")}`;
    const args = ["", "", "index", "--dir", texts];
    const env = { INDEX_WAYS: never };
    const { signal, err } = await run(overFixtures, args, "asleep", env, "SIGKILL");
    expect(signal).toBe("SIGKILL");
    const [, pid, scratch] = /asleep: (\d+) (.*)\n/.exec(err)!;
    await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
    expect(existsSync(scratch!)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
