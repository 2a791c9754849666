import { WasmModules } from "@masstree/session";
import { wasm } from "./generated/tree-15.ts";

/** The tree with opaque 64-bit value words, by leaf width. 24 is there once its entry was imported. */
export const treeModules: WasmModules = /* @__PURE__ */ new WasmModules({ 15: wasm });
