import { expect, test } from "vitest";
import { parseResult } from "../../src/bench/read-result.ts";
import { UsageError } from "../../src/failure.ts";
import { impossible, measured, resultOf } from "./results.ts";

const good = () => resultOf([measured("Map", [1, 2]), impossible("lmdb", "it is not there")]);
const parse = (value: unknown) => parseResult(JSON.stringify(value), "run.json");

test("what a run writes is read as it was", () => {
  expect(parse(good())).toEqual(good());
});

const wrong: [string, unknown, string][] = [
  ["null", null, "the whole must be an object"],
  ["a list", [], "the whole must be an object"],
  ["an older format", { format: 1 }, "it has format 1, and this program reads format 2"],
  ["another program's file", { name: "benchmarks" }, "format must be the number 2"],
  ["no machine", { ...good(), machine: undefined }, "machine must be an object"],
  [
    "no cores",
    { ...good(), machine: { ...good().machine, cores: 0 } },
    "machine.cores must be a number above 0",
  ],
  [
    "a version that is no text",
    { ...good(), versions: { masstree: 1 } },
    "versions.masstree must be a text",
  ],
  ["a figure that is text", resultWith({ median: "5" }), "measurements[0].median must be a number"],
  [
    "a figure that is missing",
    resultWith({ median: null }),
    "measurements[0].median must be a number",
  ],
  ["no samples", resultWith({ samples: [] }), "measurements[0].samples must not be empty"],
  [
    "a sample that is text",
    resultWith({ samples: [1, "2"] }),
    "measurements[0].samples[1] must be a number",
  ],
  [
    "an unknown unit",
    resultWith({ unit: "parsecs" }),
    "measurements[0].unit must be one of 'operations/s'",
  ],
  [
    "half a latency",
    resultWith({ latency: { p50: 1 } }),
    "measurements[0].latency.count must be a number",
  ],
  [
    "an unknown peer",
    resultWith({ peer: "Nobody" }),
    "measurements[0] has the peer 'Nobody', which is described nowhere",
  ],
  ["an unknown kind of keys", resultWith({ keys: "none" }), "measurements[0] has the keys 'none'"],
];

function resultWith(change: object): unknown {
  const { measurements, ...rest } = good();
  return { ...rest, measurements: [{ ...measurements[0], ...change }, ...measurements.slice(1)] };
}

test.each(wrong)("%s is refused, with where it is wrong", (_, value, message) => {
  expect(() => parse(value)).toThrow(UsageError);
  expect(() => parse(value)).toThrow(message);
  expect(() => parse(value)).toThrow("'run.json' is no result of a benchmark");
});

test("text that is no JSON is refused", () => {
  for (const text of ["", "{", "\u0000\u0001\u0002", "masstree"]) {
    expect(() => parseResult(text, "x")).toThrow("it is not JSON");
  }
});
