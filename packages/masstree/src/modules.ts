import { WasmModules } from "@masstree/session";
import { wasm } from "./generated/boxed-15.ts";

/** The tree whose value words are addresses of boxes. Width 24 is there once its entry was imported. */
export const boxedModules: WasmModules = /* @__PURE__ */ new WasmModules({ 15: wasm });
