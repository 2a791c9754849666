// Worker threads are Node's, not the test runner's, so nobody compiles their TypeScript on the fly:
// it is done here, into reports/, whenever a source is newer than what was made of it.
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
import { fileURLToPath, pathToFileURL } from "node:url";
import type typescript from "typescript";

/** Sources that need the test runner are not for workers. */
const usesRunner = /from "(vitest|fast-check|typescript|@tooling\/[^"]+)"/;

let compiled: URL | undefined;
let compiler: typeof typescript | undefined;

/** The compiled worker.ts, with what it imports beside it. */
export function compileWorker(): URL {
  if (compiled !== undefined) return compiled;
  const from = new URL("./", import.meta.url);
  const to = new URL("../../reports/threads/", import.meta.url);
  mkdirSync(new URL("roles/", to), { recursive: true });
  for (const name of typescriptIn(from)) {
    compile(new URL(name, from), new URL(name.replace(/\.ts$/, ".js"), to));
  }
  compiled = pathToFileURL(fileURLToPath(new URL("worker.js", to)));
  return compiled;
}

function compile(source: URL, target: URL): void {
  const { mtime, atime } = statSync(source);
  // In whole milliseconds, which is what can be set.
  if (statSync(target, { throwIfNoEntry: false })?.mtime.getTime() === mtime.getTime()) return;
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
  // Test files run side by side and all write the same: each sees a whole file.
  const draft = new URL(`${target.href}.${process.pid}`);
  writeFileSync(draft, outputText);
  utimesSync(draft, atime, mtime);
  renameSync(draft, target);
}

function typescriptIn(folder: URL): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts"));
}
