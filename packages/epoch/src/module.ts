// What assembly/module.ts exports. Addresses and sizes are unsigned 32-bit numbers that arrive
// signed; `>>> 0` makes them what they are.
import { compileEmbedded, instantiate, mayWait, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/epoch.ts";
import { wasm as customWasm } from "./generated/epoch-custom.ts";

/** The functions of the epoch module; those of packages/epoch/assembly of the same name. */
export interface EpochModule {
  setMayWait(allowed: number): void;
  register(): number;
  registerFailure(): number;
  unregister(participant: number): void;
  pin(participant: number): void;
  unpin(participant: number): void;
  isPinned(participant: number): number;
  retire(participant: number, block: number, bytes: number): void;
  collect(participant: number): void;
  drain(participant: number): number;
  leave(participant: number): void;
  globalEpoch(): bigint;
  tryAdvance(): number;
  pinnedSince(participant: number): bigint;
  epochsBehind(participant: number): bigint;
  retiredBlocks(): number;
  retiredBytes(): number;
  verifyEpochs(): number;
  epochsPlace(): number;
}

/** What frees a block in place of @masstree/memory, as the module calls it. */
export type Reclaim = (participant: number, block: number, bytes: number) => void;

/** The module over a memory; with `reclaim`, the one that frees through it. */
export function instantiateEpochs(memory: WasmMemory, reclaim?: Reclaim): EpochModule {
  const module =
    reclaim === undefined
      ? instantiate<EpochModule>(compileEmbedded(wasm), memory)
      : instantiate<EpochModule>(compileEmbedded(customWasm), memory, { host: { reclaim } });
  module.setMayWait(mayWait() ? 1 : 0);
  return module;
}
