// The debug module (small limits, checked preconditions) over a region of its own.
import { readFileSync } from "node:fs";
import { createSharedMemory, instantiate } from "@masstree/wasm";
import type { DebugExports } from "../src/generated/debug-exports.ts";
import type { Reclaim } from "../src/module.ts";

const binary = readFileSync(new URL("../build/epoch-debug.wasm", import.meta.url));

export const compiled: WebAssembly.Module = new WebAssembly.Module(binary);

export interface Region {
  memory: WebAssembly.Memory;
  module: DebugExports;
}

/** A new region whose blocks go back to its allocator, after `onFree` was told. */
export function createRegion(onFree?: Reclaim): Region {
  const memory = createSharedMemory(16, 4096);
  const reclaim: Reclaim = (participant, block, bytes) => {
    onFree?.(participant >>> 0, block >>> 0, bytes >>> 0);
    module.free(participant, block, bytes);
  };
  const module = instantiate<DebugExports>(compiled, memory, { host: { reclaim } });
  if (module.createRegion(4096) !== 0) throw new Error("no region");
  return { memory, module };
}

export function must(address: number): number {
  if (address === 0) throw new Error("the region is full");
  return address >>> 0;
}
