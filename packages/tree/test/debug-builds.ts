// Builds of the tree that check their preconditions, and with tiny leaves, in which splits and empty
// leaves are common. They are compiled but not embedded: tests put them in place of the published ones.
import { readFileSync } from "node:fs";
import type { WasmModules } from "@masstree/session";

/** The widths that debug builds have. */
export const debugWidths = [3, 4, 7, 15, 24] as const;

/**
 * Makes all maps that are made from now on use debug builds.
 *
 * @param modules of the class of maps, added to
 * @param folder the `build/` folder of the package that has the builds
 * @param name what the builds are called before their width
 */
export function useDebugBuilds(modules: Pick<WasmModules, "add">, folder: URL, name: string): void {
  for (const width of debugWidths) {
    const binary = readFileSync(new URL(`${name}-${width}-debug.wasm`, folder));
    modules.add(width, new WebAssembly.Module(binary));
  }
}
