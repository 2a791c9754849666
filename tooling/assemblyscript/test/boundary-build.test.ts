// Boundaries in a whole build: which files it writes, and which configs it refuses.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WasmEntry } from "@tooling/assemblyscript";
import { expect, test } from "vitest";
import { loadConfig } from "../src/config.js";
import { project } from "./project.ts";

const command = fileURLToPath(new URL("../bin/build-wasm.js", import.meta.url));

function build(directory: string, ...args: string[]) {
  const options = { cwd: directory, encoding: "utf8" } as const;
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], options);
  return { status, stderr };
}

const config = (entries: WasmEntry[]) => `export default ${JSON.stringify(entries)};\n`;

const index = "/** How many slots there are. */ export function width(): u32 { return WIDTH; }";
const boundary = { file: "sample-exports", interface: "SampleExports" };
const widths = [3, 15].map((WIDTH) => ({
  name: `sample-${WIDTH}`,
  entry: "assembly/index.ts",
  use: { WIDTH },
  boundary,
}));

test("modules share one boundary, which is written again only when it changes", () => {
  const directory = project({ "assembly/index.ts": index, "wasm.config.mjs": config(widths) });
  const path = join(directory, "src/generated/sample-exports.ts");
  expect(build(directory)).toEqual({ status: 0, stderr: "" });
  expect(readFileSync(path, "utf8")).toContain("  width(): number;");
  expect(existsSync(join(directory, "build/sample-15.wasm"))).toBe(true);

  const before = new Date(2000, 0);
  utimesSync(path, before, before);
  build(directory, "sample-3");
  expect(statSync(path).mtime).toEqual(before);
  writeFileSync(join(directory, "assembly/index.ts"), index.replace("How many", "Which"));
  build(directory, "sample-3");
  expect(readFileSync(path, "utf8")).toContain("Which slots");
});

test("modules that differ must not share a boundary", () => {
  const directory = project({
    "assembly/index.ts": index,
    "assembly/boundary.ts": "export const SLOTS: u32 = WIDTH;",
    "wasm.config.mjs": config(
      widths.map((entry) => ({
        ...entry,
        boundary: { ...boundary, constants: "assembly/boundary.ts" },
      })),
    ),
  });
  const { status, stderr } = build(directory);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /sample-\d+: src\/generated\/sample-exports\.ts would differ .*'sample-\d+'/,
  );
});

test("a refused boundary fails the build, and nothing is written", () => {
  const directory = project({
    "assembly/index.ts": "export function width(): u32 { return 1; }",
    "wasm.config.mjs": config([{ name: "sample", entry: "assembly/index.ts", boundary }]),
  });
  const { status, stderr } = build(directory);
  expect(status).toBe(1);
  expect(stderr).toContain("build-wasm: sample: its boundary is refused:\n  'width' ");
  expect(existsSync(join(directory, "build"))).toBe(false);
  expect(existsSync(join(directory, "src"))).toBe(false);
});

test("a debug build leaves the boundary alone", () => {
  const directory = project({ "assembly/index.ts": index, "wasm.config.mjs": config(widths) });
  expect(build(directory, "--debug", "sample-3").status).toBe(0);
  expect(existsSync(join(directory, "src"))).toBe(false);
});

test.each<[string, object, string]>([
  ["without a file name", { interface: "A" }, "bad file name 'undefined'"],
  ["with a path as its file name", { file: "../a", interface: "A" }, "bad file name '../a'"],
  ["over an embedded module", { file: "sample", interface: "A" }, "overwrite the embedded module"],
  ["without an interface name", { file: "a" }, "bad interface name 'undefined'"],
  ["with an interface name that is none", { file: "a", interface: "a-b" }, "interface name 'a-b'"],
  ["with constants that are no path", { file: "a", interface: "A", constants: 1 }, "'constants'"],
])("a config with a boundary %s is refused", async (_, wrong, message) => {
  const entries = [{ name: "sample", entry: "assembly/index.ts", embed: true, boundary: wrong }];
  const directory = project({ "wasm.config.mjs": config(entries as WasmEntry[]) });
  await expect(loadConfig(directory)).rejects.toThrow(message);
});
