import { WasmModules } from "@masstree/session";
import { wasm as boxed15 } from "./generated/boxed-15.ts";
import { wasm as boxed24 } from "./generated/boxed-24.ts";

/** The tree whose value words are addresses of boxes. */
export const boxedModules: WasmModules = /* @__PURE__ */ new WasmModules({
  15: boxed15,
  24: boxed24,
});
