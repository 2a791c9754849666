// Which build of the index the maps of a test use: the published one, or the one with preconditions checked and budgets
// so small that rebuilding is common.
import { readFileSync } from "node:fs";
import { wasm } from "../src/generated/learned.ts";
import { LINE_SLOTS } from "../src/generated/learned-exports.ts";
import { learnedModules } from "../src/modules.ts";

/** The builds. */
export type Build = "published" | "debug";

/** From now on, new maps of this thread use a build. */
export function useBuild(build: Build): void {
  const source = () =>
    new WebAssembly.Module(readFileSync(new URL("../build/learned-debug.wasm", import.meta.url)));
  learnedModules.add(LINE_SLOTS, build === "debug" ? source() : wasm);
}
