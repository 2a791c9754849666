import { compileEmbedded, instantiate, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/memory.ts";

/** What the module exports, as JavaScript sees it: 32-bit results are signed. */
export interface Exports {
  createRegion(maxWasmPages: number): number;
  checkRegion(): number;
  isRegion(): number;
  layoutVersion(): number;
  maxPages(): number;
  config(index: number): number;
  setConfig(index: number, value: number): void;
  register(): number;
  unregister(participant: number): void;
  participantNumber(participant: number): number;
  allocate(participant: number, bytes: number): number;
  free(participant: number, block: number, bytes: number): void;
  handOver(participant: number): void;
  isBlock(block: number, bytes: number): number;
  blockBytes(bytes: number): number;
  liveBytes(): number;
  liveBlocks(): number;
  committedBytes(): number;
  overheadBytes(): number;
  verifyMemory(): number;
  setMayWait(allowed: number): void;
  readonly place: WebAssembly.Global<"i32">;
  readonly failure: WebAssembly.Global<"i32">;
  readonly OK: WebAssembly.Global<"i32">;
  readonly FULL: WebAssembly.Global<"i32">;
  readonly LAYOUT_VERSION: WebAssembly.Global<"i32">;
  readonly CONFIG_WORDS: WebAssembly.Global<"i32">;
  readonly PAGE_BYTES: WebAssembly.Global<"i32">;
}

/** An instance of the module over a shared memory; it touches none of it. */
export function instantiateOver(memory: WasmMemory): Exports {
  return instantiate<Exports>(compileEmbedded(wasm), memory);
}
