// The program as built, in a workspace with one catalog: in a process of its own, but for command lines that are refused.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runEach } from "@tooling/vitest/run-each";
import { beforeAll, describe, expect, test } from "vitest";
import { usage } from "../../src/cli/options.ts";

const cli = fileURLToPath(new URL("../../dist/cli/cli.js", import.meta.url));
const main = new URL("../../dist/cli/main.js", import.meta.url);
const workspace = fileURLToPath(new URL("workspace", import.meta.url));

interface Ended {
  readonly status: number | string | null;
  readonly out: string;
  readonly err: string;
}

/** @param interruptAt sends SIGINT as soon as this is in what the program says of its progress */
function run(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: workspace });
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

const list = "'node .*' lists them all\n$";
const refused: readonly [what: string, line: string, complaint: RegExp][] = [
  ...(
    [
      ["explore --program zzzz", "no program whose name contains 'zzzz'"],
      ["explore --target mortal", "no program of mortal"],
      ["crashes --program zzzz", "no program in which threads die whose name contains 'zzzz'"],
      ["crashes --target counter", "no program in which threads die of counter"],
      ["mutants --mutant zzzz", "no mutant whose name contains 'zzzz'"],
      ["mutants --target mortal", "no mutant of mortal"],
      ["mutants --program zzzz", "no program with mutants whose name contains 'zzzz'"],
    ] as const
  ).map(([line, complaint]): [string, string, RegExp] => [
    `what matches nothing, as '${line}'`,
    line,
    // The message says how to list names.
    new RegExp(`^interleave: there is ${complaint}: ${list}`),
  ]),
  ["an unknown command", "dance", /^interleave: unknown command 'dance'\n/],
  ["an unknown option", "explore --fast", /^interleave: Unknown option '--fast'/],
  [
    "an unknown target",
    "explore --target tree-9",
    /there is no target 'tree-9'\. Targets:\n {2}counter, mortal of @tooling\/interleave\n$/,
  ],
  [
    "a catalog that is not there",
    "explore --catalog none.ts",
    /there is no catalog '.*none\.ts'\n$/,
  ],
  [
    "drawn programs of another command",
    "crashes --generated",
    /--generated is for explore and mutants/,
  ],
  ["a time without drawn programs", "explore --minutes 1", /--minutes is for explore --generated/],
  ["no time", "explore --generated --minutes 0", /--minutes must be positive/],
  [
    "a target of which nothing is drawn",
    "explore --generated --target mortal",
    /nothing draws programs of the chosen target/,
  ],
  ["an unknown budget", "explore --budget huge", /--budget: 'huge' is unknown/],
];

describe("refused with status 2 is", () => {
  let ended: Awaited<ReturnType<typeof runEach>>;
  beforeAll(async () => {
    const lines = refused.map(([, line]) => line.split(" "));
    ended = await runEach(main, lines, { cwd: workspace });
  });
  test.each(refused.map(([what, , complaint], index) => [what, index, complaint] as const))(
    "%s",
    (_, index, complaint) => {
      const { status, out, err } = ended[index]!;
      expect({ status, out }).toEqual({ status: 2, out: "" });
      expect(err).toMatch(complaint);
      expect(err).not.toContain("    at ");
    },
  );
});

test("help says what each option is for, in lines of a terminal's width", async () => {
  expect(await run(["--help"])).toEqual({ status: 0, out: usage, err: "" });
  const names =
    "target catalog program mutant seed budget weak generated count results package minutes replay trace jobs help";
  for (const option of names.split(" "))
    expect(usage).toMatch(new RegExp(`^  --${option}\\b.* {2,}\\w`, "m"));
  expect(usage.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("an exploration tells at once that it has begun, then how far it is and what came of it", async () => {
  const { status, out, err } = await run("explore --target counter --budget quick".split(" "));
  expect(err).toMatch(
    /^counter: compiling\ncounter: round 1 of 3, 1 of 5 programs, [\d,]+ schedules, 0 findings\n/,
  );
  expect(out).toMatch(/^counter: 5 programs, [\d,]+ schedules, .*, 0 findings\n/);
  expect(status).toBe(0);
});

test("drawn programs tell what they cover, and what is never reached", async () => {
  const line = "explore --generated --minutes 0.02 --seed 3 --jobs 2";
  const { status, out, err } = await run(line.split(" "));
  expect(err).toMatch(/^counter: compiling\ncounter: \d s, [\d,]+ programs, [\d,]+ schedules/);
  expect(out).toMatch(/^counter: [\d,]+ generated programs, .*, seed 3, 0 findings\n/);
  expect(out).toMatch(/^ {2}covered: [\d,]+ of [\d,]+ sites, [\d,]+ edges, [\d,]+ meetings\n/m);
  expect(out).toMatch(/^ {2}never reached:\n {4}assembly\/fixtures\.ts: \d+/m);
  expect(status).toBe(0);
});

test("a drawn program is replayed from its text", async () => {
  const args = ["explore", "--generated", "--target", "counter", "--trace", "1"];
  const replay = [...args, "--replay=-@0>1", "--program", "nothing: increment | increment"];
  const { status, out } = await run(replay);
  expect(out).toMatch(
    /^2 thread 0 at .*\n\nthread 1: increment .*\nthread 0: increment .*\n\nno failure\n$/,
  );
  expect(status).toBe(0);
  const other = await run([...args, "--replay", "default", "--program", "nothing: dance"]);
  expect(other).toMatchObject({ status: 2, out: "", err: "interleave: 'dance' is no call\n" });
});

test("Ctrl-C ends it in the middle of an exploration", async () => {
  const line = "explore --target counter --budget 600 --jobs 2";
  const { status, out, err } = await run(line.split(" "), /^counter: round 1/m);
  // A shell makes 130 of it.
  expect({ status, out }).toEqual({ status: "SIGINT", out: "" });
  expect(err).not.toContain("    at ");
});
