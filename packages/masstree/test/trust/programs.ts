// Worker threads are Node's, not the test runner's, so nobody compiles their TypeScript on the fly: it
// is done here, into reports/, whenever a source is newer than what was made of it.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type typescript from "typescript";

const packages = new URL("../../../", import.meta.url);
const target = new URL("../../reports/trust/", import.meta.url);

/** What the programs import, by package, beside what they import by name. */
const sources = ["masstree/src/", "masstree/test/trust/", "tree/test/debug-builds.ts"];

/** Sources that need the test runner, or its folder, are not for workers. */
const usesRunner = /from "(vitest|fast-check|typescript|@tooling\/[^"]+)"/;

let compiler: typeof typescript | undefined;
let compiled = false;

/** The compiled program of a thread: `name` is a file of this folder without its ending. */
export function programOf(name: string): URL {
  if (!compiled) for (const source of sources) compileAll(source);
  compiled = true;
  return new URL(`masstree/test/trust/${name}.js`, target);
}

/** The debug builds of this package. */
export const debugBuilds: string = new URL("../../build/", import.meta.url).href;

function compileAll(source: string): void {
  const from = new URL(source, packages);
  if (!source.endsWith("/")) {
    compileOne(source, from);
    return;
  }
  for (const name of readdirSync(from, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".ts")) compileOne(source + name, new URL(name, from));
  }
}

function compileOne(name: string, source: URL): void {
  const to = new URL(name.replace(/\.ts$/, ".js"), target);
  const { mtime, atime } = statSync(source);
  // In whole milliseconds, which is what can be set.
  if (statSync(to, { throwIfNoEntry: false })?.mtime.getTime() === mtime.getTime()) return;
  const text = readFileSync(source, "utf8");
  if (usesRunner.test(text)) return;
  // Loaded only when needed: it takes longer to load than most of these tests take to run.
  compiler ??= createRequire(import.meta.url)("typescript") as typeof typescript;
  const { outputText } = compiler.transpileModule(text, {
    fileName: fileURLToPath(source),
    compilerOptions: {
      module: compiler.ModuleKind.ESNext,
      target: compiler.ScriptTarget.ES2022,
      rewriteRelativeImportExtensions: true,
      inlineSourceMap: true,
    },
  });
  mkdirSync(new URL("./", to), { recursive: true });
  // Test files run side by side and all write the same: each sees a whole file.
  const draft = new URL(`${to.href}.${process.pid}`);
  writeFileSync(draft, outputText);
  utimesSync(draft, atime, mtime);
  renameSync(draft, to);
}
