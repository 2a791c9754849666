import { compileEmbedded, instantiate, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/epoch.ts";
import { wasm as customWasm } from "./generated/epoch-custom.ts";
import type { EpochExports, EpochImports } from "./generated/epoch-exports.ts";

/** What frees a block in place of @masstree/memory, as the module calls it. */
export type Reclaim = EpochImports["host"]["reclaim"];

/** The module over a memory; with `reclaim`, the one that frees through it. */
export function instantiateEpochs(memory: WasmMemory, reclaim?: Reclaim): EpochExports {
  return reclaim === undefined
    ? instantiate<EpochExports>(compileEmbedded(wasm), memory)
    : instantiate<EpochExports>(compileEmbedded(customWasm), memory, { host: { reclaim } });
}
