/**
 * `@masstree/tree/24`: maps whose values are words, with 24 entries in a leaf. To be imported for its effect.
 */
import { wasm } from "./generated/tree-24.ts";
import { treeModules } from "./modules.ts";

treeModules.add(24, wasm);
