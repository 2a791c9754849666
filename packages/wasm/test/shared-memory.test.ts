import { MassTreeUnsupportedError } from "@masstree/errors";
import { afterEach, expect, test, vi } from "vitest";
import { createSharedMemory, WASM_PAGE_BYTES } from "../src/index.ts";

afterEach(() => vi.unstubAllGlobals());

test("the memory is shared, zeroed, of the initial size, and grows to its maximum", () => {
  const memory = createSharedMemory(2, 3);
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(memory.buffer.byteLength).toBe(2 * WASM_PAGE_BYTES);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
  expect(memory.grow(1)).toBe(2);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test("a platform without shared memory is told which headers to send", () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(() => createSharedMemory(1, 1)).toThrow(MassTreeUnsupportedError);
  expect(() => createSharedMemory(1, 1)).toThrow(/Cross-Origin-Opener-Policy/);
});

test("limits that the platform refuses are an error that names them", () => {
  expect(() => createSharedMemory(2, 1)).toThrow(MassTreeUnsupportedError);
  expect(() => createSharedMemory(2, 1)).toThrow(/of 2 to 1 pages/);
  expect(() => createSharedMemory(0, 65537)).toThrow(MassTreeUnsupportedError);
});
