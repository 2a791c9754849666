import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../src/main.ts";
import { measured, resultOf } from "./results.ts";

let folder: string;
let errors: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "masstree-report-"));
  errors = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors += text;
    return true;
  });
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const report = (...args: string[]): Promise<number> => main(["bench", "report", ...args]);

test("a result becomes a page and an image", async () => {
  await writeFile(at("run.json"), JSON.stringify(resultOf([measured("Map", [4e6])])));
  expect(await report(at("run.json"), "--html", at("run.html"), "--svg", at("run.svg"))).toBe(0);
  expect(await readFile(at("run.html"), "utf8")).toMatch(/^<!doctype html>.*4 M.*<\/html>\n$/s);
  expect(await readFile(at("run.svg"), "utf8")).toMatch(/^<svg xmlns.*<\/svg>\n$/s);
});

test("a result that cannot be drawn leaves nothing", async () => {
  const memory = measured("Map", [40], { workload: "memory", unit: "bytes/entry" });
  await writeFile(at("run.json"), JSON.stringify(resultOf([memory])));
  expect(await report(at("run.json"), "--html", at("run.html"), "--svg", at("run.svg"))).toBe(2);
  expect(errors).toContain("no throughput to draw");
  expect(await readdir(folder)).toEqual(["run.json"]);
});

test.each([
  ["nothing to write", ["FILE"], "say what to write: --html FILE, --svg FILE or both"],
  ["a file that is not there", ["FILE.missing", "--html", "x"], "cannot read"],
  ["a file that is no result", ["FILE", "--html", "x"], "is no result of a benchmark"],
  ["no file", [], "missing required argument"],
])("%s is an error of usage that says what to do", async (_, args, message) => {
  await writeFile(at("run.json"), "{}");
  expect(await report(...args.map((arg) => arg.replace("FILE", at("run.json"))))).toBe(2);
  expect(errors).toContain(message);
});

test("a place that cannot be written is an error of usage", async () => {
  await writeFile(at("run.json"), JSON.stringify(resultOf([measured("Map", [4e6])])));
  expect(await report(at("run.json"), "--html", at("missing/run.html"))).toBe(2);
  expect(errors).toContain("cannot write");
});
