/**
 * `masstree/24`: maps with 24 entries in a leaf, of every class. Import it for its effect, in each thread that creates
 * such a map or attaches to one.
 *
 * @example
 * ```ts
 * import "masstree/24";
 *
 * const wide = new MassTree({ width: 24 });
 * wide.set("a", 1).stats().width; // => 24
 * ```
 */
import "@masstree/tree/24";
import { wasm } from "./generated/boxed-24.ts";
import { boxedModules } from "./modules.ts";

boxedModules.add(24, wasm);
