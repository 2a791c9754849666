import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { writeHtml } from "../../src/bench/html/index.ts";
import type { BenchResult, Measurement } from "../../src/bench/result.ts";
import { impossible, measured, resultOf } from "./results.ts";

/** The text between a heading of the summary and the next one. */
function under(result: BenchResult, id: string): string {
  const { document } = parseHTML(writeHtml(result));
  const heading = document.getElementById(id);
  return (heading?.nextElementSibling?.textContent ?? "").replace(/\s+/g, " ").trim();
}

const text = (result: BenchResult): string =>
  parseHTML(writeHtml(result))
    .document.querySelector("section:has(#summary)")!
    .textContent!.replace(/\s+/g, " ");

test("a map that is faster in every round wins, with the factor of the rounds", () => {
  const result = resultOf([
    measured("MassTreeInline", [30, 44, 60]),
    measured("sorted-btree", [10, 20, 20]),
    measured("js-sdsl", [5, 5, 5]),
  ]);
  expect(under(result, "wins")).toBe(
    "get (about get): MassTreeInline is 3.00× as fast as sorted-btree.",
  );
  expect(under(result, "losses")).toBe("Nowhere in this run.");
  expect(text(result)).toContain(
    "Of 1 setting with both, masstree wins 1, others win 0, and 0 are level",
  );
});

test("where another peer is faster, it is named as the winner, with how the rest stands", () => {
  const result = resultOf([
    measured("MassTreeInline", [20, 20, 20]),
    measured("MassTree (json)", [15, 15, 15]),
    measured("Map", [80, 80, 80]),
    measured("sorted-btree", [10, 10, 10]),
  ]);
  expect(under(result, "wins")).toBe("Nowhere in this run.");
  expect(under(result, "losses")).toBe(
    "get (about get): Map is 4.00× as fast as MassTreeInline, which is 2.00× as fast as the next, sorted-btree.",
  );
});

test("a lead that one round does not have is level", () => {
  const result = resultOf([
    measured("MassTreeInline", [20, 20, 9]),
    measured("sorted-btree", [10, 10, 10]),
  ]);
  expect(under(result, "wins")).toBe("Nowhere in this run.");
  expect(under(result, "losses")).toBe("Nowhere in this run.");
  expect(under(result, "level")).toContain(
    "neither MassTreeInline nor sorted-btree is ahead in every round (their medians are 20/s and 10/s)",
  );
});

test("a lead of less than a twentieth is level", () => {
  const result = resultOf([measured("MassTreeInline", [104]), measured("sorted-btree", [100])]);
  expect(under(result, "level")).toContain(
    "MassTreeInline and sorted-btree are less than 1.05× apart",
  );
});

test.each([
  ["bytes/entry", "MassTreeInline takes 2.00× the memory of lmdb"],
  ["us", "MassTreeInline takes 2.00× as long as lmdb"],
  ["ms", "MassTreeInline stalls the event loop 2.00× as long as lmdb"],
] as const)("of figures in %s, the smaller one wins", (unit, words) => {
  const of = (peer: string, value: number) =>
    measured(peer, [value, value], { workload: "some", unit });
  expect(under(resultOf([of("MassTreeInline", 8), of("lmdb", 4)]), "losses")).toBe(
    `some (about some): ${words}.`,
  );
  expect(under(resultOf([of("MassTreeInline", 4), of("lmdb", 8)]), "wins")).toContain("2.00×");
});

test("a figure of 0 wins without a factor", () => {
  const of = (peer: string, value: number) =>
    measured(peer, [value], { workload: "stalls", unit: "ms" });
  expect(under(resultOf([of("MassTreeInline", 0), of("Map", 4)]), "wins")).toBe(
    "stalls (about stalls): MassTreeInline is ahead of Map.",
  );
});

test("settings that differ are counted, and named where only some are meant", () => {
  const settings: Measurement[] = [
    ["uuids", 20, 10],
    ["urls", 30, 10],
    ["tuples", 10, 20],
  ].flatMap(([keys, own, other]) => [
    measured("MassTreeInline", [own as number], { keys: keys as string }),
    measured("sorted-btree", [other as number], { keys: keys as string }),
  ]);
  const result = resultOf(settings);
  expect(under(result, "wins")).toContain(
    "MassTreeInline is 2.00 to 3.00× as fast as sorted-btree, with uuids and urls (2 of 3 settings).",
  );
  expect(under(result, "losses")).toContain("with tuples (1 of 3 settings)");
});

test("settings that share nothing of their own are named one by one", () => {
  const result = resultOf(
    [
      ["uuids", 1, 20],
      ["urls", 2, 20],
      ["uuids", 2, 5],
      ["urls", 1, 5],
    ].flatMap(([keys, threads, own]) => [
      measured("MassTreeInline", [own as number], {
        keys: keys as string,
        threads: threads as number,
      }),
      measured("lmdb", [10], { keys: keys as string, threads: threads as number }),
    ]),
  );
  expect(under(result, "wins")).toContain("in 2 of 4 settings (uuids, 1 thread; urls, 2 threads).");
});

test("what only one side can do is told apart from what it wins", () => {
  const result = resultOf([
    measured("MassTreeInline", [5], { workload: "wait" }),
    impossible("Map", "threads cannot share it", { workload: "wait" }),
    measured("Map", [5], { workload: "weak keys" }),
    impossible("MassTreeInline", "it has no weak keys", { workload: "weak keys" }),
  ]);
  expect(under(result, "wins")).toBe("Nowhere in this run.");
  const alone = under(result, "alone");
  expect(alone).toContain("No other peer has figures for wait (Map: threads cannot share it).");
  expect(alone).toContain(
    "None of this project's maps has figures for weak keys (MassTreeInline: it has no weak keys).",
  );
});

test("a peer that outruns all threads of a shared map on one thread is named", () => {
  const result = resultOf([
    measured("MassTreeInline", [10]),
    measured("Map", [90]),
    measured("MassTreeInline", [30], { threads: 4 }),
    impossible("Map", "threads cannot share it", { threads: 4 }),
  ]);
  expect(under(result, "outrun")).toContain(
    "Map on one thread is 3.00× as fast as MassTreeInline on 4 threads together.",
  );
});

test("a reader is told what spoils the figures", () => {
  const measurements = [
    measured("MassTreeInline", [5], { threads: 8 }),
    measured("lmdb", [5], { threads: 8 }),
  ];
  const good = resultOf(measurements);
  const machine = { ...good.machine, load: 3.2 };
  const peers = good.peers.map((peer) =>
    peer.name === "lmdb" ? { ...peer, missing: "it has no binary for this system" } : peer,
  );
  const bad = text({ ...good, machine, peers, complete: false });
  expect(bad).toContain("The run was interrupted");
  expect(bad).toContain("The machine was busy when the run began (load 3.2 on 4 cores)");
  expect(bad).toContain("With more than 4 threads, threads share cores");
  expect(bad).toContain("lmdb could not be loaded: it has no binary for this system.");
  expect(text(resultOf([measured("Map", [5])]))).not.toMatch(/interrupted|busy|loaded|share cores/);
});

test("a run that was interrupted promises no rounds, and does not say what nobody else can do", () => {
  const measurements = [
    measured("MassTreeInline", [30]),
    measured("MassTreeInline", [5], { workload: "add" }),
  ];
  expect(text(resultOf(measurements))).toContain("Every figure is the median of");
  expect(text(resultOf(measurements))).toContain("No other peer has figures for add");
  const interrupted = text(resultOf(measurements, { complete: false }));
  expect(interrupted).toContain("2 workloads on");
  expect(interrupted).toContain("Figures are medians of at most");
  expect(interrupted).not.toContain("No other peer");
});

test("the command can be pasted into a shell, and ratios are said to be missing if they are", () => {
  const command = ["bench", "--peers", "MassTree (json),Map", "--keys", "file:it's.txt"];
  const result = resultOf([measured("Map", [30])], { command });
  const method = parseHTML(writeHtml(result)).document.querySelector("section:has(#method)")!;
  expect(method.textContent).toContain(
    "npm run bench -- --peers 'MassTree (json),Map' --keys 'file:it'\\''s.txt'.",
  );
  expect(method.textContent).toContain("There are no ratios: sorted-btree");
});
