// A package in a temporary directory, for tests of what is built from it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { WasmEntry } from "@tooling/assemblyscript";
import { onTestFinished } from "vitest";
import { compileEntry } from "../src/compile-entry.js";

/** Writes files, by path, into a directory that is gone when the test is over. */
export function project(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), "build-wasm-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

/** Sources by path. The entry is `assembly/index.ts`; if there is `assembly/boundary.ts`, it has the constants. */
type Sources = Record<string, string>;

/** The boundary that is generated for a package. */
export async function boundaryOf(sources: Sources, use: WasmEntry["use"] = {}): Promise<string> {
  const constants = "assembly/boundary.ts";
  const boundary = {
    file: "sample-exports",
    interface: "SampleExports",
    ...(constants in sources ? { constants } : {}),
  };
  const files = await compileEntry({
    directory: project({ "assembly/index.ts": "export {};", ...sources }),
    entry: { name: "sample", entry: "assembly/index.ts", use, boundary },
    stem: "sample",
  });
  return String(files["src/generated/sample-exports.ts"]);
}
