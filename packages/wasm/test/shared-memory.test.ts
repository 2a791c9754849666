import { runInNewContext } from "node:vm";
import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createSharedMemory, isSharedMemory, WASM_PAGE_BYTES } from "../src/index.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("the memory is shared and zeroed, has the initial size, and grows to its maximum", () => {
  const memory = createSharedMemory(2, 3);
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(memory.buffer.byteLength).toBe(2 * WASM_PAGE_BYTES);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
  expect(memory.grow(1)).toBe(2);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test("without SharedArrayBuffer, the error names the headers to send", () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(() => createSharedMemory(1, 1)).toThrow(MassTreeUnsupportedError);
  expect(() => createSharedMemory(1, 1)).toThrow(/Cross-Origin-Opener-Policy/);
});

test.each([
  [2, 1, "'initialPages' must be a number of pages from 0 to 1, not 2."],
  [-1, 1, "'initialPages' must be a number of pages from 0 to 1, not -1."],
  [Number.NaN, 1, "'initialPages' must be a number of pages from 0 to 1, not NaN."],
  [0.5, 1, "'initialPages' must be a number of pages from 0 to 1, not 0.5."],
  ["1", 1, `'initialPages' must be a number of pages from 0 to 1, not "1".`],
  [undefined, 1, "'initialPages' must be a number of pages from 0 to 1, not undefined."],
  [Object.create(null), 1, "'initialPages' must be a number of pages from 0 to 1, not an object."],
  [0, 65537, "'maximumPages' must be a number of pages from 0 to 65536, not 65537."],
  [0, -1, "'maximumPages' must be a number of pages from 0 to 65536, not -1."],
  [0, Number.NaN, "'maximumPages' must be a number of pages from 0 to 65536, not NaN."],
  [0, 1.5, "'maximumPages' must be a number of pages from 0 to 65536, not 1.5."],
  [0, 1n, "'maximumPages' must be a number of pages from 0 to 65536, not 1n."],
])("%o to %o pages are refused before anything is allocated", (initial, maximum, message) => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  const create = () => createSharedMemory(initial as number, maximum as number);
  expect(create).toThrow(MassTreeBadOptionError);
  expect(create).toThrow(message);
});

test("0 and 65,536 pages are allowed, and the initial size may equal the maximum", () => {
  expect(createSharedMemory(0, 0).buffer.byteLength).toBe(0);
  expect(createSharedMemory(0, 65536).grow(1)).toBe(0);
  expect(createSharedMemory(3, 3).buffer.byteLength).toBe(3 * WASM_PAGE_BYTES);
});

test("if the platform refuses the limits, the error names them", () => {
  vi.spyOn(WebAssembly, "Memory").mockImplementation(function fail() {
    throw new RangeError("could not allocate memory");
  });
  expect(() => createSharedMemory(1, 65536)).toThrow(MassTreeUnsupportedError);
  expect(() => createSharedMemory(1, 65536)).toThrow(/of 1 to 65536 pages/);
});

describe("isSharedMemory", () => {
  test("is true for a shared memory, of this realm or another", () => {
    expect(isSharedMemory(createSharedMemory(0, 1))).toBe(true);
    const foreign = runInNewContext(
      "new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })",
    );
    expect(foreign instanceof WebAssembly.Memory).toBe(false);
    expect(isSharedMemory(foreign)).toBe(true);
  });

  test("is false for anything else, and runs none of its code", () => {
    const liar = {
      get buffer() {
        return expect.unreachable();
      },
    };
    const others = [
      new WebAssembly.Memory({ initial: 1 }),
      runInNewContext("new WebAssembly.Memory({ initial: 1 })"),
      new SharedArrayBuffer(8),
      Object.create(WebAssembly.Memory.prototype),
      liar,
      {},
      null,
      undefined,
      "memory",
    ];
    for (const other of others) expect(isSharedMemory(other)).toBe(false);
  });
});
