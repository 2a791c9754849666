import { compileEmbedded, instantiate, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/nodeversion.ts";

/** What the module exports, as JavaScript sees it: addresses and owners are unsigned, words signed. */
export interface Exports {
  initialise(address: number, flags: bigint): void;
  initialiseLocked(address: number, flags: bigint, owner: number): void;
  load(address: number): bigint;
  stable(address: number): bigint;
  hasChanged(address: number, before: bigint): number;
  hasSplit(address: number, before: bigint): number;
  tryLock(address: number, owner: number): number;
  lock(address: number, owner: number): void;
  isHeldBy(address: number, owner: number): number;
  unlock(address: number): void;
  markInserting(address: number): void;
  markSplitting(address: number): void;
  markDeleted(address: number): void;
  setRoot(address: number): void;
  clearRoot(address: number): void;
  setMayWait(allowed: number): void;
  readonly OWNER_MASK: WebAssembly.Global<"i64">;
  readonly SLEEPERS: WebAssembly.Global<"i64">;
  readonly INSERTING: WebAssembly.Global<"i64">;
  readonly SPLITTING: WebAssembly.Global<"i64">;
  readonly DELETED: WebAssembly.Global<"i64">;
  readonly ROOT: WebAssembly.Global<"i64">;
  readonly LEAF: WebAssembly.Global<"i64">;
  readonly INSERT_STEP: WebAssembly.Global<"i64">;
  readonly SPLIT_STEP: WebAssembly.Global<"i64">;
}

/** An instance of the module over a shared memory; it touches none of it. */
export function instantiateOver(memory: WasmMemory): Exports {
  return instantiate<Exports>(compileEmbedded(wasm), memory);
}
