import { compileEmbedded, instantiate, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/nodeversion.ts";
import type { NodeVersionExports } from "./generated/nodeversion-exports.ts";

/** An instance of the module over a shared memory; it touches none of it. */
export function instantiateOver(memory: WasmMemory): NodeVersionExports {
  return instantiate<NodeVersionExports>(compileEmbedded(wasm), memory);
}
