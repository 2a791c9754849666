export { compileEmbedded } from "./compile.ts";
export { instantiate } from "./instantiate.ts";
export { mayWait } from "./may-wait.ts";
export { createSharedMemory, WASM_PAGE_BYTES } from "./shared-memory.ts";
export type { WasmImports, WasmMemory, WasmModule } from "./wasm-types.ts";
