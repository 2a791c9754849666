// Worker threads are Node's, not the test runner's, so nobody compiles their TypeScript on the fly:
// it is done here, once per test file, into reports/.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

let compiled: URL | undefined;

/** The compiled worker.ts, with what it imports beside it. */
export function compileWorker(): URL {
  if (compiled !== undefined) return compiled;
  const from = new URL("./", import.meta.url);
  const to = new URL("../../reports/threads/", import.meta.url);
  mkdirSync(new URL("roles/", to), { recursive: true });
  const usesRunner = /from "(vitest|fast-check|typescript|@tooling\/[^"]+)"/;
  for (const name of typescriptIn(from)) {
    const source = readFileSync(new URL(name, from), "utf8");
    if (usesRunner.test(source)) continue;
    const { outputText } = ts.transpileModule(source, {
      fileName: fileURLToPath(new URL(name, from)),
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
        inlineSourceMap: true,
      },
    });
    // Test files run side by side and all write the same: each sees a whole file.
    const target = new URL(name.replace(/\.ts$/, ".js"), to);
    const draft = new URL(`${name}.${process.pid}`, to);
    writeFileSync(draft, outputText);
    renameSync(draft, target);
  }
  compiled = pathToFileURL(fileURLToPath(new URL("worker.js", to)));
  return compiled;
}

function typescriptIn(folder: URL): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts"));
}
