// The guard against slower versions, and the figures that documents quote.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { figuresIn, figureText } from "../src/bench/figures.ts";
import { checkFigures, markdownFiles } from "../src/bench/figures-command.ts";
import { compareRatios, guardTable } from "../src/bench/guard.ts";
import { readResult } from "../src/bench/read-result.ts";
import {
  type BenchResult,
  isMeasured,
  type Measured,
  type Measurement,
  toJson,
} from "../src/bench/result.ts";
import { resultTables } from "../src/bench/tables.ts";
import { runProgram } from "./program.ts";

const file = fileURLToPath(new URL("./fixtures/result.json", import.meta.url));
const fixture = readResult(file);
const repository = fileURLToPath(new URL("../../../", import.meta.url));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-guard-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const isGet = (each: Measurement): boolean =>
  each.workload === "get" && each.peer === "MassTreeInline" && each.threads === 1;

/** The fixture with calm ratios, in which each measurement may be changed. */
function calm(
  change: (measured: Measured) => Partial<Measured> | undefined = () => ({}),
): BenchResult {
  const measurements = fixture.measurements.flatMap((each): Measurement[] => {
    if (!isMeasured(each) || each.ratio === undefined) return [each];
    const { median } = each.ratio;
    const quiet = { ...each, ratio: { median, min: median * 0.98, max: median * 1.02 } };
    const changed = change(quiet);
    return changed === undefined ? [] : [{ ...quiet, ...changed }];
  });
  return { ...fixture, measurements };
}

/** The same measurement, `factor` times as high as before. */
const times = ({ ratio }: Measured, factor: number): Partial<Measured> => ({
  ratio: { median: ratio!.median * factor, min: ratio!.min * factor, max: ratio!.max * factor },
});
const verdicts = (now: BenchResult) =>
  compareRatios(calm(), now).filter(({ verdict }) => verdict !== "as good");

describe("the guard", () => {
  it("finds nothing if nothing changed, or little", () => {
    expect(compareRatios(calm(), calm()).length).toBeGreaterThan(10);
    expect(verdicts(calm())).toEqual([]);
    expect(verdicts(calm((each) => times(each, 0.95)))).toEqual([]);
    expect(verdicts(calm((each) => times(each, 1.05)))).toEqual([]);
  });

  it("names what became slower", () => {
    const slower = calm((each) => (isGet(each) ? times(each, 0.8) : {}));
    expect(verdicts(slower)).toMatchObject([
      { workload: "get", peer: "MassTreeInline", verdict: "worse" },
    ]);
    expect(guardTable(verdicts(slower))).toMatch(/MassTreeInline: get .*-20 % .*±10 % .*WORSE/);
  });

  it("takes more bytes for worse, and fewer for better", () => {
    const isMemory = ({ workload, peer }: Measured) =>
      workload === "memory" && peer === "MassTreeInline";
    expect(verdicts(calm((each) => (isMemory(each) ? times(each, 1.3) : {})))).toMatchObject([
      { verdict: "worse" },
    ]);
    expect(verdicts(calm((each) => (isMemory(each) ? times(each, 0.7) : {})))).toMatchObject([
      { verdict: "better" },
    ]);
  });

  it("leaves room for figures that scatter, but not without end", () => {
    const scattered = (factor: number) =>
      calm((each) => {
        if (!isGet(each)) return {};
        const median = each.ratio!.median * factor;
        return { ratio: { median, min: median * 0.4, max: median * 1.6 } };
      });
    expect(verdicts(scattered(0.8))).toEqual([]);
    expect(verdicts(scattered(0.5))).toMatchObject([{ workload: "get", verdict: "worse" }]);
  });

  it("compares no other peer, no absolute figure, and misses what was not measured", () => {
    expect(verdicts(calm((each) => (each.peer === "Map" ? times(each, 0.1) : {})))).toEqual([]);
    expect(verdicts(calm((each) => ({ median: each.median / 10 })))).toEqual([]);
    expect(verdicts(calm((each) => (isGet(each) ? undefined : {})))).toMatchObject([
      { workload: "get", verdict: "missing" },
    ]);
  });

  it("ends with status 1 and the names, as a program", async () => {
    writeFileSync(join(directory, "before.json"), toJson(calm()));
    writeFileSync(
      join(directory, "slow.json"),
      toJson(calm((each) => (isGet(each) ? times(each, 0.5) : {}))),
    );
    const guard = (name: string) =>
      runProgram(["guard", "--against", "before.json", "--result", name], { directory });
    const good = await guard("before.json");
    expect(good.out).toMatch(/Nothing became worse. \d+ ratios compared/);
    expect(good.status).toBe(0);
    const slow = await guard("slow.json");
    expect(slow.err).toMatch(
      /MassTreeInline: get \(hex16, 5000, uniform\): 50 % worse, noise is up to 10 %/,
    );
    expect(slow.err).not.toContain("    at ");
    expect(slow.status).toBe(1);
  });
});

describe("a result", () => {
  it("comes back as it was written", () => {
    const rounded = JSON.parse(toJson(fixture));
    expect(toJson(rounded)).toBe(toJson(fixture));
    expect(toJson(fixture).split("\n").length).toBeGreaterThan(fixture.measurements.length);
  });

  it("is refused if it is something else", () => {
    const written = (text: string): string => {
      const name = join(directory, "other.json");
      writeFileSync(name, text);
      return name;
    };
    expect(() => readResult(written("{"))).toThrow(/is not JSON/);
    expect(() => readResult(written("null"))).toThrow(/no result of a benchmark/);
    expect(() => readResult(written('{"measured":[]}'))).toThrow(/no result of a benchmark/);
    expect(() => readResult(written('{"format":1,"peers":[],"measurements":[]}'))).toThrow(
      /format 1, .* reads format 2/,
    );
    expect(() => readResult(join(directory, "none.json"))).toThrow(/cannot read/);
  });

  it("fits its tables into the width, with all cells and reasons", () => {
    const text = resultTables(fixture, { latencies: true, width: 100 });
    for (const line of text.split("\n")) {
      if (line.includes("│")) expect(line.length).toBeLessThanOrEqual(100);
    }
    for (const { name } of fixture.workloads) expect(text).toContain(name);
    expect(text).toContain("Map: no scan-100, because it has no order");
  });
});

describe("figures in documents", () => {
  const cell = 'file=result.json workload=get keys=hex16 size=5000 peer="MassTree (json)"';
  const marked = (attributes: string, text: string): string =>
    `Before <!-- figure ${attributes} -->${text}<!-- /figure --> after`;

  it("are found with their places", () => {
    const document = `one\n${marked("file=a.json show=ratio", "2.4")}\n`;
    const [found] = figuresIn(document);
    expect(found).toMatchObject({
      text: "2.4",
      line: 2,
      attributes: { file: "a.json", show: "ratio" },
    });
    expect(document.slice(found!.start, found!.end)).toBe("2.4");
  });

  it("are no examples in blocks of code", () => {
    const example = ["```md", marked("file=a.json", "1"), "```", marked("file=b.json", "2")].join(
      "\n",
    );
    expect(figuresIn(example)).toMatchObject([{ line: 4, attributes: { file: "b.json" } }]);
  });

  it("are those of the cell that they name", () => {
    const json = fixture.measurements.find(
      (each): each is Measured =>
        isMeasured(each) &&
        each.workload === "get" &&
        each.peer === "MassTree (json)" &&
        each.threads === 1,
    )!;
    const show = (what: string, more = {}) =>
      figureText({ workload: "get", peer: "MassTree (json)", show: what, ...more }, fixture);
    const digits = json.ratio!.median >= 10 ? 1 : 2;
    expect(show("ratio")).toBe(json.ratio!.median.toFixed(digits));
    expect(show("median")).toMatch(/\d [KM]?\/s$/);
    expect(show("p99.9")).toMatch(/^[\d.]+(ns|us|ms|s)$/);
    expect(show("growth", { threads: "2" })).toMatch(/^\d+(\.\d+)?$/);
    expect(() => show("heap")).toThrow("has no 'heap'");
    expect(() => show("best")).toThrow("none of median, number, ratio");
    expect(() => show("ratio", { peer: "nobody" })).toThrow("names 0 cells");
    expect(() => figureText({ workload: "get" }, fixture)).toThrow(/names \d cells instead of one/);
    expect(() => show("ratio", { worklode: "get" })).toThrow("unknown attribute 'worklode'");
  });

  it("that are stale are listed, or corrected", () => {
    const results = join(directory, "results");
    mkdirSync(results, { recursive: true });
    cpSync(file, join(results, "result.json"));
    const right = figureText({ workload: "get", peer: "MassTree (json)", show: "ratio" }, fixture);
    const document = join(directory, "stale.md");
    const write = (attributes: string, text: string) =>
      writeFileSync(document, `# Title\n\n${marked(attributes, text)}\n`);
    write(`${cell} show=ratio`, right);
    expect(checkFigures([document], results, false)).toEqual({ figures: 1, stale: [] });
    write(`${cell} show=ratio`, "99");
    expect(checkFigures([document], results, false).stale).toEqual([
      { file: document, line: 3, problem: `it says '99', the result says '${right}'` },
    ]);
    expect(checkFigures([document], results, true).stale).toEqual([]);
    expect(readFileSync(document, "utf8")).toContain(`-->${right}<!-- /figure --> after`);
    write("file=../secret.json show=ratio", "1");
    expect(checkFigures([document], results, true).stale).toMatchObject([
      { problem: expect.stringContaining("needs file=NAME") },
    ]);
    write("workload=get", "1");
    expect(checkFigures([document], results, false).stale).toHaveLength(1);
  });

  it("of this repository are those of the committed results", () => {
    const files = markdownFiles(repository);
    expect(files.length).toBeGreaterThan(20);
    const { stale } = checkFigures(files, join(repository, "docs/benchmarks"), false);
    expect(stale).toEqual([]);
  });
});
