// The program as built, in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { usage } from "../../src/cli/options.ts";

const cli = fileURLToPath(new URL("../../dist/cli/cli.js", import.meta.url));

interface Ended {
  readonly status: number | string | null;
  readonly out: string;
  readonly err: string;
}

/** @param interruptAt sends SIGINT as soon as this is in what the program says of its progress */
function run(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args]);
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
      if (interruptAt?.test(err)) child.kill("SIGINT");
    });
    child.once("error", reject);
    child.once("close", (status, signal) => resolve({ status: status ?? signal, out, err }));
  });
}

describe("what names nothing that there is ends with status 2, and says where names are", () => {
  const list = "'node .*cli\\.js list' names them all\n$";
  test.each([
    ["explore --program zzzz", "no program whose name contains 'zzzz'"],
    ["explore --target recovery", "no program of recovery"],
    ["crashes --program zzzz", "no program in which threads die whose name contains 'zzzz'"],
    ["crashes --target version", "no program in which threads die of version"],
    ["mutants --mutant zzzz", "no mutant whose name contains 'zzzz'"],
    ["mutants --target tree-4", "no mutant of tree-4"],
    ["mutants --program zzzz", "no program with mutants whose name contains 'zzzz'"],
  ])("%s", async (line, complaint) => {
    const { status, out, err } = await run(line.split(" "));
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(new RegExp(`^interleave: there is ${complaint}: ${list}`));
  });
});

test.each([
  ["an unknown command", ["dance"], /^interleave: unknown command 'dance'\n/],
  ["an unknown option", ["explore", "--fast"], /^interleave: Unknown option '--fast'/],
  ["an unknown target", ["explore", "--target", "tree-9"], /no target is called 'tree-9'/],
  ["an unknown budget", ["explore", "--budget", "huge"], /--budget: 'huge' is unknown/],
])("%s ends with status 2", async (_, args, complaint) => {
  const { status, out, err } = await run(args);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toMatch(complaint);
  expect(err).not.toContain("    at ");
});

test("help says what each option is for, in lines of a terminal's width", async () => {
  expect(await run(["--help"])).toEqual({ status: 0, out: usage, err: "" });
  const options = "target program mutant seed budget replay trace jobs help".split(" ");
  for (const option of options)
    expect(usage).toMatch(new RegExp(`^  --${option}\\b.* {2,}\\w`, "m"));
  expect(usage.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("an exploration tells at once that it has begun, then how far it is and what came of it", async () => {
  const { status, out, err } = await run("explore --target version --budget quick".split(" "));
  expect(err).toMatch(
    /^version: compiling\nversion: round 1 of 3, 1 of 22 programs, [\d,]+ schedules, 0 findings\n/,
  );
  expect(out).toMatch(/^version: 22 programs, [\d,]+ schedules, .*, 0 findings\n/);
  expect(status).toBe(0);
}, 120_000);

test("Ctrl-C ends it in the middle of an exploration", async () => {
  const line = "explore --target version --budget 600 --jobs 2";
  const { status, out, err } = await run(line.split(" "), /^version: round 1/m);
  // A shell makes 130 of it.
  expect({ status, out }).toEqual({ status: "SIGINT", out: "" });
  expect(err).not.toContain("    at ");
}, 120_000);
