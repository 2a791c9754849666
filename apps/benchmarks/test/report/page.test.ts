import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { writeHtml, writeSvg } from "../../src/bench/html/index.ts";
import {
  type BenchResult,
  isMeasured,
  type Measurement,
  sixDigits,
} from "../../src/bench/result.ts";
import { impossible, measured, resultOf } from "./results.ts";

const rate = (peer: string, value: number, rest = {}) =>
  measured(peer, [value * 0.9, value, value * 1.2], rest);

const latency = {
  count: 123_456,
  mean: 812.5,
  p50: 700,
  p90: 1100,
  p99: 4200,
  p99_9: 31_000,
  p99_99: 410_000,
  max: 9_700_000,
  corrected: true,
};

/** Something of everything that a result can hold. */
function everything(): BenchResult {
  const measurements: Measurement[] = [];
  for (const [peer, speed] of [
    ["MassTreeInline", 4_123_456.7],
    ["sorted-btree", 2_345_678.9],
    ["Map", 9_876_543.2],
  ] as const) {
    measurements.push(
      rate(peer, speed, { ratio: { median: speed / 2e6, min: 0.5, max: 8 }, latency }),
    );
    measurements.push(rate(peer, speed / 2, { keys: "urls" }));
    measurements.push(rate(peer, speed / 3, { size: 1_000_000 }));
    measurements.push(
      peer === "Map"
        ? impossible(peer, "threads cannot share it", { threads: 2 })
        : rate(peer, speed * 1.5, { threads: 2 }),
    );
    measurements.push(
      rate(peer, 91.25, {
        workload: "memory",
        unit: "bytes/entry",
        bytes: { heap: 30.5, shared: 60.25 },
      }),
      rate(peer, 17.5, {
        workload: "stalls",
        unit: "ms",
        stalls: {
          p50: 0,
          p99: 8.25,
          max: 21.75,
          collecting: 99.5,
          longestCollection: 16.5,
          rate: 345_678,
        },
      }),
      rate(peer, 12.75, { workload: "wake", unit: "us", threads: 2 }),
    );
  }
  return resultOf(measurements);
}

const documentOf = (result: BenchResult): Document => parseHTML(writeHtml(result)).document;

test("each kind of figure has its plots, with the numbers below", () => {
  const document = documentOf(everything());
  for (const id of [
    "overview",
    "throughput",
    "keys",
    "scaling",
    "sizes",
    "latency",
    "memory",
    "stalls",
    "durations",
  ]) {
    const section = document.querySelector(`section:has(#${id})`);
    expect(section?.querySelector("svg[role=img][aria-label]"), id).toBeTruthy();
    expect(section?.querySelector("details table data"), id).toBeTruthy();
    expect(document.querySelector(`nav a[href="#${id}"]`), id).toBeTruthy();
  }
});

test("the tables hold exactly the numbers of the result", () => {
  const result = everything();
  const document = documentOf(result);
  const valuesIn = (table: Element | null): number[] =>
    Array.from(table!.querySelectorAll("data"))
      .map((each) => Number(each.getAttribute("value")))
      .sort((a, b) => a - b);
  const sorted = (numbers: (number | undefined)[]): number[] =>
    numbers
      .filter((each) => each !== undefined)
      .map(sixDigits)
      .sort((a, b) => a - b);
  const all = result.measurements.filter(isMeasured);
  expect(valuesIn(document.querySelector('[aria-label="All figures of the run"] table'))).toEqual(
    sorted(all.flatMap(({ median, min, max, ratio }) => [median, min, max, ratio?.median])),
  );
  const under = (id: string) => document.querySelector(`section:has(#${id}) table`);
  expect(valuesIn(under("latency"))).toEqual(
    sorted(
      all.flatMap((each) =>
        Object.values(each.latency ?? {}).filter((value) => typeof value === "number"),
      ),
    ),
  );
  expect(valuesIn(under("memory"))).toEqual(
    sorted(all.flatMap(({ bytes, median }) => (bytes ? [median, bytes.heap, bytes.shared] : []))),
  );
  expect(valuesIn(under("stalls"))).toEqual(
    sorted(all.flatMap(({ stalls, median }) => (stalls ? [median, ...Object.values(stalls)] : []))),
  );
  for (const cell of Array.from(document.querySelectorAll("data"))) {
    expect(cell.textContent).toMatch(/\d/);
  }
});

test("the page needs nothing but itself and runs nothing", () => {
  const text = writeHtml(everything());
  const { document } = parseHTML(text);
  expect(document.querySelectorAll("script, iframe, object, embed, img, base, form")).toHaveLength(
    0,
  );
  for (const element of Array.from(document.querySelectorAll("*"))) {
    for (const { name, value } of Array.from(element.attributes)) {
      expect(name).not.toMatch(/^on/);
      if (["href", "src", "xlink:href", "action"].includes(name))
        expect(value).toMatch(/^(#|data:,$)/);
    }
  }
  expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  expect(text).not.toMatch(/@import|url\(/);
  expect(
    document.querySelector("meta[http-equiv=Content-Security-Policy]")!.getAttribute("content"),
  ).toContain("default-src 'none'");
});

test("names that contain HTML stay text, in the page and in the image", () => {
  const evil = `</title></style><script>alert(1)</script><img src=x onerror='a' "b" & \u202e\u0000`;
  const result = resultOf(
    [
      rate(evil, 1e6, { keys: evil, choice: evil, latency }),
      rate("sorted-btree", 2e6, { keys: evil, choice: evil }),
      impossible("Map", evil, { keys: evil, choice: evil }),
      rate(evil, 5, { workload: evil, unit: "us" }),
    ],
    {
      command: [evil],
      date: evil,
      versions: { [evil]: evil },
      settings: { rounds: 1, interval: 1, baseline: evil, trace: evil },
    },
  );
  const page = documentOf(result);
  expect(page.querySelectorAll("script, img")).toHaveLength(0);
  expect(page.querySelectorAll("style")).toHaveLength(1 + page.querySelectorAll("svg").length);
  const shown = evil.replace(/[\u202e\0]/g, "\u{FFFD}");
  expect(page.querySelector("h1")!.textContent).toBe(`masstree benchmark, ${shown}`);
  const image = writeSvg(result);
  expect(image).not.toContain("<script");
  expect(image).not.toContain("<img");
  expect(image).not.toMatch(/[\u202e\0]/);
});

test("a peer that cannot do a workload is shown with its reason, in the plot and in the table", () => {
  const document = documentOf(
    resultOf([rate("MassTreeInline", 5), impossible("Map", "it has no order")]),
  );
  const section = document.querySelector("section:has(#throughput)")!;
  expect(section.querySelector("svg")!.textContent).toContain("cannot: it has no order");
  expect(section.querySelector("td.cannot")!.textContent).toBe("cannot: it has no order");
});

const odd: [string, Measurement[]][] = [
  ["one peer", [rate("Map", 5e6)]],
  ["only zeros", [rate("MassTreeInline", 0), rate("Map", 0)]],
  [
    "a zero beside others",
    [rate("MassTreeInline", 0), rate("Map", 3), rate("MassTreeInline", 2, { threads: 2 })],
  ],
  ["nothing that could be measured", [impossible("Map", "it has no order")]],
  ["no measurements", []],
  ["latencies of 0", [rate("Map", 1, { latency: { ...latency, p50: 0, max: 0 } })]],
  ["memory without parts", [rate("Map", 1, { workload: "memory", unit: "bytes/entry" })]],
  [
    "memory of nothing",
    [rate("Map", 0, { workload: "memory", unit: "bytes/entry", bytes: { heap: 0, shared: 0 } })],
  ],
  [
    "negative memory",
    [rate("Map", -3, { workload: "memory", unit: "bytes/entry", bytes: { heap: -3, shared: 0 } })],
  ],
  ["stalls without details", [rate("Map", 0, { workload: "stalls", unit: "ms" })]],
  ["huge and tiny figures", [rate("Map", 1e15), rate("MassTreeInline", 1e-9)]],
  [
    "more peers than looks",
    Array.from({ length: 20 }, (_, n) =>
      rate(`peer number ${n} with a rather long name`, n + 1, { threads: (n % 2) + 1 }),
    ),
  ],
];

test.each(odd)("a result with %s has a page without broken numbers", (_, measurements) => {
  for (const settings of [
    { rounds: 3, baseline: "sorted-btree", interval: 1 },
    { rounds: 1, baseline: "Map", interval: 1, rate: 5, trace: "some.log" },
  ]) {
    const text = writeHtml(resultOf(measurements, { settings, complete: false }));
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
  }
});

test("the image has both themes, its own background and no reference", () => {
  const image = writeSvg(everything());
  const { document } = parseHTML(image);
  expect(document.querySelector("svg > rect")).toBeTruthy();
  expect(image).toContain("prefers-color-scheme: dark");
  expect(image.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
  for (const name of ["MassTreeInline", "sorted-btree", "Map", "get", "30 November 2026"]) {
    expect(image).toContain(name);
  }
});

test("a result without throughput has no image, and says so", () => {
  const result = resultOf([rate("Map", 1, { workload: "memory", unit: "bytes/entry" })]);
  expect(() => writeSvg(result)).toThrow(/no throughput to draw/);
});
