import { WasmModules } from "@masstree/session";
import { wasm } from "./generated/learned.ts";
import { wasm as boxed } from "./generated/learned-boxed.ts";
import { LINE_SLOTS } from "./generated/learned-exports.ts";

/** The index with plain value words. Its one width is the number of slots in a line. */
export const learnedModules: WasmModules = /* @__PURE__ */ new WasmModules({ [LINE_SLOTS]: wasm });

/** The index whose value words are addresses of boxes. */
export const boxedModules: WasmModules = /* @__PURE__ */ new WasmModules({ [LINE_SLOTS]: boxed });
