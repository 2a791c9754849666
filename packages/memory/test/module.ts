// The modules that the tests drive directly, below the JavaScript wrapper.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { TestExports } from "../src/generated/test-exports.ts";

/** Builds of the package's AssemblyScript; the second checks preconditions and fills freed memory. */
export const builds = ["memory-test", "memory-debug"] as const;

export type Build = (typeof builds)[number];

/** Bytes of one of WebAssembly's pages. */
export const wasmPage = 65536;

export function compile(build: Build): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../build/${build}.wasm`, import.meta.url)));
}

export function instantiate(build: Build, memory: WebAssembly.Memory): TestExports {
  return new WebAssembly.Instance(compile(build), { env: { memory } })
    .exports as unknown as TestExports;
}

export interface Raw {
  memory: WebAssembly.Memory;
  region: TestExports;
}

/** A new region of `initial` wasm pages that may have `maximum`. */
export function newRegion(build: Build, initial: number, maximum: number): Raw {
  const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
  const region = instantiate(build, memory);
  expect(region.createRegion(maximum)).toBe(region.OK.value);
  return { memory, region };
}

/** Registers, and insists that it worked. */
export function registered(region: TestExports): number {
  const participant = region.register() >>> 0;
  expect(participant).not.toBe(0);
  return participant;
}

/** Nothing is broken; with `live`, this is what is live. */
export function expectSound(
  region: TestExports,
  live?: { readonly blocks: number; readonly bytes: number },
): void {
  const code = region.verifyMemory();
  expect({ code, place: code && region.place.value >>> 0 }).toEqual({ code: 0, place: 0 });
  if (live === undefined) return;
  expect({ blocks: region.liveBlocks(), bytes: region.liveBytes() }).toEqual({ ...live });
}

export const nothing = { blocks: 0, bytes: 0 };
