import { compileEmbedded, instantiate, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/memory.ts";
import type { MemoryExports } from "./generated/memory-exports.ts";

/** An instance of the module over a shared memory; it touches none of it. */
export function instantiateOver(memory: WasmMemory): MemoryExports {
  return instantiate<MemoryExports>(compileEmbedded(wasm), memory);
}
