// The rules of biome.json that guard the architecture: no circles of files, and packages that depend
// only on what is below them. Each test lints a small workspace with the settings of this repository.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "imports-"));
  for (const file of ["biome.json", ".gitignore"]) {
    copyFileSync(join(root, file), join(workspace, file));
  }
});

afterEach(() => rmSync(workspace, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

/** A package as pnpm would lay it out: each dependency is a link in its node_modules. */
function addPackage(name: string, manifest: object = {}, links: string[] = []): void {
  const exports = { ".": "./dist/index.js", "./assembly": "./assembly/index.ts" };
  write(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@x/${name}`, exports, ...manifest }),
  );
  const scope = join(workspace, "packages", name, "node_modules", "@x");
  mkdirSync(scope, { recursive: true });
  for (const link of links) symlinkSync(`../../../${link}`, join(scope, link), "dir");
}

/** What the architecture's rules say of the workspace: 'rule file:line'. */
function violations(): string[] {
  const args = [biome, "lint", "--reporter=github", "--max-diagnostics=none", "."];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: workspace,
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0 && !stdout.includes("title=lint/")) throw new Error(stderr + stdout);
  const rules = "noImportCycles|noUndeclaredDependencies|noRestrictedImports";
  const found = stdout.matchAll(
    new RegExp(`title=lint/\\w+/(${rules}),file=([^,]+),line=(\\d+)`, "g"),
  );
  return [...found]
    .map(([, rule, file, line]) => `${rule} ${file?.split("/packages/")[1]}:${line}`)
    .sort();
}

test("a circle of AssemblyScript files, imported without an ending, is refused", () => {
  addPackage("a");
  write("packages/a/assembly/leaf.ts", 'import { two } from "./split";\nexport const one = two;\n');
  write(
    "packages/a/assembly/split.ts",
    'import { three } from "./undo";\nexport const two = three;\n',
  );
  write("packages/a/assembly/undo.ts", 'export { one as three } from "./leaf";\n');
  expect(violations()).toEqual([
    "noImportCycles a/assembly/leaf.ts:1",
    "noImportCycles a/assembly/split.ts:1",
    "noImportCycles a/assembly/undo.ts:1",
  ]);
});

test("a circle of AssemblyScript files through two packages is refused", () => {
  addPackage("a", { dependencies: { "@x/b": "*" } }, ["b"]);
  addPackage("b", { dependencies: { "@x/a": "*" } }, ["a"]);
  write("packages/a/assembly/index.ts", 'export { two } from "@x/b/assembly";\n');
  write("packages/b/assembly/index.ts", 'export { one } from "./one";\n');
  write(
    "packages/b/assembly/one.ts",
    'import { two } from "@x/a/assembly";\nexport const one = two;\n',
  );
  expect(violations()).toEqual([
    "noImportCycles a/assembly/index.ts:1",
    "noImportCycles b/assembly/index.ts:1",
    "noImportCycles b/assembly/one.ts:1",
  ]);
});

test("a circle of TypeScript files is refused, be one of its imports dynamic", () => {
  addPackage("a");
  write("packages/a/src/one.ts", 'import { two } from "./two.ts";\nexport const one = two;\n');
  write("packages/a/src/two.ts", 'export const two = async () => import("./deep/three.ts");\n');
  write("packages/a/src/deep/three.ts", 'export { one } from "../one.ts";\n');
  expect(violations()).toEqual([
    "noImportCycles a/src/deep/three.ts:1",
    "noImportCycles a/src/one.ts:1",
    "noImportCycles a/src/two.ts:1",
  ]);
});

test("a circle that a type-only import closes is allowed", () => {
  addPackage("a");
  write(
    "packages/a/src/map.ts",
    'import { handle } from "./handle.ts";\nexport const map = handle;\n',
  );
  write(
    "packages/a/src/handle.ts",
    'import type { map } from "./map.ts";\nexport type Handle = typeof map;\nexport const handle = 1;\n',
  );
  expect(violations()).toEqual([]);
});

test("a package imports only what its package.json lists under dependencies", () => {
  addPackage("low");
  addPackage("high", { dependencies: { "@x/low": "*" }, devDependencies: { vitest: "*" } }, [
    "low",
  ]);
  write("packages/low/assembly/index.ts", 'export { high } from "@x/high/assembly";\n');
  write(
    "packages/low/src/index.ts",
    'import type { High } from "@x/high";\nexport type Low = High;\n',
  );
  write(
    "packages/high/src/index.ts",
    'export { low } from "@x/low";\nexport { test } from "vitest";\n',
  );
  write("packages/high/test/high.test.ts", 'export { test } from "vitest";\n');
  expect(violations()).toEqual([
    "noUndeclaredDependencies high/src/index.ts:2",
    "noUndeclaredDependencies low/assembly/index.ts:1",
    "noUndeclaredDependencies low/src/index.ts:1",
  ]);
});

test("a path that leads into another package is refused, one within the package is not", () => {
  addPackage("a");
  addPackage("b");
  write("packages/a/src/one.ts", 'export { two } from "../../b/src/two.ts";\n');
  write("packages/a/assembly/one.ts", 'export { two } from "../../b/assembly/two";\n');
  write("packages/b/src/two.ts", "export const two = 2;\n");
  write("packages/b/src/deep/deeper/three.ts", 'export { two } from "../../two.ts";\n');
  write("packages/b/assembly/two.ts", "export const two = 2;\n");
  expect(violations()).toEqual([
    "noRestrictedImports a/assembly/one.ts:1",
    "noRestrictedImports a/src/one.ts:1",
  ]);
});
