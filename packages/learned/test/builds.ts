// Which build of the index the maps of a test use: the published one, or the one with preconditions checked and budgets
// so small that rebuilding is common.
import { readFileSync } from "node:fs";
import { wasm } from "../src/generated/learned.ts";
import { wasm as boxed } from "../src/generated/learned-boxed.ts";
import { LINE_SLOTS } from "../src/generated/learned-exports.ts";
import { boxedModules, learnedModules } from "../src/modules.ts";

/** The builds. */
export type Build = "published" | "debug";

function debugBuild(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../build/${name}.wasm`, import.meta.url)));
}

/** From now on, new maps of this thread use a build. */
export function useBuild(build: Build): void {
  const isDebug = build === "debug";
  learnedModules.add(LINE_SLOTS, isDebug ? debugBuild("learned-debug") : wasm);
  boxedModules.add(LINE_SLOTS, isDebug ? debugBuild("learned-boxed-debug") : boxed);
}
