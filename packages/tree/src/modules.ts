import { WasmModules } from "@masstree/session";
import { wasm as tree15 } from "./generated/tree-15.ts";
import { wasm as tree24 } from "./generated/tree-24.ts";

/** The tree with opaque 64-bit value words, by leaf width. */
export const treeModules: WasmModules = /* @__PURE__ */ new WasmModules({ 15: tree15, 24: tree24 });
