// Which builds of the tree the threads of one trust test use: the published ones, or those with checks.
import "../../src/24.ts";
import { useDebugBuilds } from "../../../tree/test/debug-builds.ts";
import { boxedModules } from "../../src/modules.ts";

/** The folder with the debug builds, as text that can be sent to a thread; undefined: use the published ones. */
export type Builds = string | undefined;

let published: Map<number, WebAssembly.Module> | undefined;

/** Has every map that this thread makes or attaches from now on use these builds. */
export function useBuilds(builds: Builds): void {
  if (builds !== undefined) {
    published ??= new Map(boxedModules.variants.map((width) => [width, boxedModules.get(width)]));
    useDebugBuilds(boxedModules, new URL(builds), "boxed");
  } else if (published !== undefined) {
    for (const [width, module] of published) boxedModules.add(width, module);
  }
}
