import { expect, test } from "vitest";
import { main, type Surroundings } from "../src/main.ts";

type Parts = Surroundings["parts"];

async function run(args: string[], given: Partial<Parts> = {}) {
  const lines: string[] = [];
  const ran: string[] = [];
  const part = (name: keyof Parts) => async (seed: number, counts: { histories: number }) => {
    ran.push(`${name} ${seed}`);
    counts.histories += 1000;
    return "done";
  };
  const parts = {
    deaths: part("deaths"),
    histories: part("histories"),
    fuzz: part("fuzz"),
    oracle: part("oracle"),
    ...given,
  };
  const status = await main(args, { parts, print: (line) => lines.push(line) });
  return { status, ran, text: lines.join("\n") };
}

test("the parts take turns, each slice has its own seed, and a report follows", async () => {
  const { status, ran, text } = await run(["--seed", "7", "--slices", "5"]);
  expect(status).toBe(0);
  expect(ran).toEqual(["deaths 7", "histories 8", "fuzz 9", "oracle 10", "deaths 11"]);
  expect(text).toMatch(/^seed 7, 10 minutes of deaths, histories, fuzz, oracle\n/);
  expect(text).toMatch(/histories checked +5,000/);
});

test("the run ends when the time is up, but not before one slice has run", async () => {
  const { status, ran } = await run(["--seed", "1", "--minutes", "0", "--only", "oracle,fuzz"]);
  expect([status, ran]).toEqual([0, ["fuzz 1"]]);
});

test("a fault ends the run, and the output says how to run the slice again", async () => {
  const fuzz = async () => {
    throw new Error("a difference");
  };
  const { status, ran, text } = await run(["--seed", "5", "--only", "deaths,fuzz"], { fuzz });
  expect([status, ran]).toEqual([1, ["deaths 5"]]);
  expect(text).toContain("FAILED: fuzz, seed 6");
  expect(text).toContain("a difference");
  expect(text).toContain("npm run test:soak -- --only fuzz --seed 6 --slices 1");
  expect(text).toMatch(/histories checked +1,000/);
});

test("without --seed, a seed is drawn and printed", async () => {
  const { text } = await run(["--slices", "1"]);
  expect(text).toMatch(/^seed \d+,/);
});

test.each([
  ["--minutes", "soon"],
  ["--seed", "-1"],
  ["--seed", "4294967296"],
  ["--only", "deaths,births"],
  ["--what", "1"],
  ["--slices", "x"],
  ["deaths", "fuzz"],
  ["--seed", "--slices"],
])("unusable arguments end with status 2: %s %s", async (...args) => {
  const { status, ran, text } = await run(args);
  expect([status, ran]).toEqual([2, []]);
  expect(text).toMatch(/^.*[^.]\. See --help\.$/);
});

test("the help lists every option and fits into 80 columns", async () => {
  const { status, text } = await run(["--help"]);
  expect(status).toBe(0);
  for (const option of ["--minutes", "--seed", "--only", "--slices"])
    expect(text).toContain(option);
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});
