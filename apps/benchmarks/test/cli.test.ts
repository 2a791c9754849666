// Tests the whole program in its own process.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const overFixtures = fileURLToPath(new URL("./fixtures/run.mjs", import.meta.url));
const logMap = new URL("./fixtures/log-map.mjs", import.meta.url);

let directory: string;
let keys: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-cli-"));
  keys = join(directory, "keys.txt");
  writeFileSync(keys, Array.from({ length: 400 }, (_, i) => `keys/of/${i % 9}/${i}\n`).join(""));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** @param interruptAt sends SIGINT as soon as this text appears on standard error */
function run(script: string, args: readonly string[], interruptAt?: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: directory,
      env: { ...process.env, CI: "true" },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
      if (interruptAt !== undefined && err.includes(interruptAt)) child.kill("SIGINT");
    });
    child.on("close", (status, signal) => resolve({ status, signal, out, err }));
  });
}

describe("help", () => {
  it("lists the commands, their options and the exit statuses", async () => {
    const top = await run(cli, ["--help"]);
    expect(top.status).toBe(0);
    for (const word of ["quick", "bench", "Exit status"]) expect(top.out).toContain(word);
    const quick = await run(cli, ["quick", "--help"]);
    for (const word of ["--keys <file>", "--threads", "--seed"]) expect(quick.out).toContain(word);
    const bench = await run(cli, ["bench", "--help"]);
    for (const word of ["--keys <kinds>", "--workload", "--json"])
      expect(bench.out).toContain(word);
  });

  it("fits into 80 columns, and breaks a line within a sentence only where it is full", async () => {
    for (const args of [[], ["quick"], ["bench"], ["guard"], ["figures"], ["convert-trace"]]) {
      const { out } = await run(cli, [...args, "--help"]);
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
  it.each([
    ["an unknown command", ["fast"], /unknown command 'fast'/],
    ["an unknown option", ["quick", "--thread", "2"], /unknown option '--thread'[\s\S]*--threads/],
    ["too many arguments", ["quick", "file.txt"], /too many arguments/],
    ["a missing value", ["quick", "--keys"], /argument missing/],
    ["text instead of a number", ["quick", "--threads", "two"], /whole number from 1 to 64/],
    ["a number out of range", ["quick", "--threads", "0"], /whole number from 1 to 64/],
    ["a missing file", ["quick", "--keys", "none.txt"], /there is no file 'none.txt'/],
    ["a directory", ["quick", "--keys", "."], /is a directory/],
  ])("%s", async (_, args, message) => {
    const { status, out, err } = await run(cli, args);
    expect(err).toMatch(message);
    expect(err).not.toContain("    at ");
    expect(out).toBe("");
    expect(status).toBe(2);
  });
});

describe("quick", () => {
  it("succeeds with the real maps, and shows them next to the peers", async () => {
    const { status, out, err } = await run(cli, ["quick", "--keys", keys, "--threads", "2"]);
    expect(err).toMatch(/MassTree, 2 threads: check that all memory is free again/);
    expect(err).toMatch(/MassTreeInline, 2 threads: check that all memory is free again/);
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
    const { status, out, err } = await run(cli, ["quick", "--keys", file, "--threads", "1"]);
    expect(err).not.toContain("    at ");
    expect(out).toContain("Every answer was right");
    expect(status).toBe(0);
  });

  it("ends with status 1 and shows the first difference if an answer is wrong", async () => {
    const wrong = `${logMap}?fault=${encodeURIComponent("wrong value")}`;
    const { status, out, err } = await run(overFixtures, [wrong, "", "quick", "--keys", keys]);
    expect(err).toMatch(/WRONG: LogMap, .* has the value 322 instead of 321/);
    expect(out).not.toContain("Every answer was right");
    expect(status).toBe(1);
  });

  it("ends at once with status 130 on Ctrl-C, in the middle of a step", async () => {
    // One thread sleeps forever in this map: only the signal can end the run.
    const hangs = `${logMap}?fault=hang`;
    const args = [hangs, "", "quick", "--keys", keys, "--threads", "2"];
    const { status, signal, err } = await run(overFixtures, args, "asleep");
    expect({ status, signal }).toEqual({ status: 130, signal: null });
    expect(err).toMatch(
      /Interrupted during 'LogMap, 2 threads: .*'; all threads have stopped\.\n$/,
    );
  });
});
