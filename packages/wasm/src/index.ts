export { compileEmbedded } from "./compile.ts";
export { guard, Life, requireStack } from "./guard.ts";
export { type Abandonable, GuardedInstance } from "./guarded-instance.ts";
export { instantiate } from "./instantiate.ts";
export { mayWait } from "./may-wait.ts";
export { type ParticipantExports, Participation } from "./participation.ts";
export { createSharedMemory, isSharedMemory, WASM_PAGE_BYTES } from "./shared-memory.ts";
export type { WasmImports, WasmMemory, WasmModule } from "./wasm-types.ts";
