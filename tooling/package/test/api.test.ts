// check-api, over a small package that stands in for a built one.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkApi } from "../src/api.js";

const command = fileURLToPath(new URL("../bin/check-api.js", import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "check-api-"));
  mkdirSync(join(directory, "dist"));
  // Without the library of browsers, which takes the compiler a second to read.
  const compilerOptions = { lib: ["ES2020"], module: "NodeNext", types: [] };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  describe(".");
  declare("index", "/** Doubles. */\nexport declare function twice(n: number): number;\n");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a package.json with these entries, and one for AssemblyScript, which has no types. */
function describe(...entries: string[]): void {
  const exports: Record<string, unknown> = { "./assembly": "./assembly/index.ts" };
  for (const entry of entries) {
    const name = entry === "." ? "index" : entry.slice(2);
    exports[entry] = { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
  }
  const manifest = { name: "sample", version: "1.0.0", type: "module", exports };
  writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
}

function declare(name: string, text: string): void {
  writeFileSync(join(directory, "dist", `${name}.d.ts`), text);
}

const reports = () => readdirSync(join(directory, "api")).sort();
const report = (name: string) => readFileSync(join(directory, "api", `${name}.api.md`), "utf8");

test("each entry with types has a report; one that is missing, or whose entry is gone, is told", () => {
  describe(".", "./extra");
  declare("extra", "/** An extra. */\nexport interface Extra {\n  n: number;\n}\n");
  expect(checkApi(directory)).toEqual([
    "sample: api/index.api.md is missing",
    "sample: api/extra.api.md is missing",
  ]);
  expect(existsSync(join(directory, "api"))).toBe(false);

  expect(checkApi(directory, { update: true })).toEqual([]);
  expect(reports()).toEqual(["extra.api.md", "index.api.md"]);
  expect(report("index")).toContain("export function twice(n: number): number;");
  expect(report("extra")).toContain("n: number;");

  describe(".");
  expect(checkApi(directory)).toEqual(["sample: api/extra.api.md belongs to no entry of exports"]);
  expect(checkApi(directory, { update: true })).toEqual([]);
  expect(reports()).toEqual(["index.api.md"]);
});

test("a changed type fails with a diff and the command that updates the report", () => {
  checkApi(directory, { update: true });
  const before = report("index");
  declare("index", "/** Doubles. */\nexport declare function twice(n: bigint): bigint;\n");
  const { status, stderr } = spawnSync(process.execPath, [command], {
    cwd: directory,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("sample: api/index.api.md is not what the built declarations say");
  expect(stderr).toContain("-export function twice(n: number): number;");
  expect(stderr).toContain("+export function twice(n: bigint): bigint;");
  expect(stderr).toContain("npm run api");
  expect(report("index")).toBe(before);
});

test("moving a declaration and rewording its comment change no report", () => {
  checkApi(directory, { update: true });
  declare(
    "index",
    "\n\n/** Twice as much. */\nexport declare function twice(n: number): number;\n",
  );
  expect(checkApi(directory)).toEqual([]);
});

test("an internal member and a type that is only reached are in the report", () => {
  const text = `interface Hidden {
  depth: number;
}
/** A map. */
export declare class Sample {
  /** @internal */
  peek(): Hidden;
}
`;
  declare("index", text);
  checkApi(directory, { update: true });
  expect(report("index")).toMatch(/@internal\s.*peek\(\): Hidden;/s);
  expect(report("index")).toContain("depth: number;");
});

test("a package that is not built is told to be", () => {
  rmSync(join(directory, "dist"), { recursive: true });
  expect(checkApi(directory, { update: true })).toEqual([
    "sample: ./dist/index.d.ts is missing: build the package first",
  ]);
});
