import { compileEmbedded, createSharedMemory, instantiate, WASM_PAGE_BYTES } from "@masstree/wasm";
import { expect, test } from "vitest";
import { wasm } from "../src/generated/key.ts";
import type { KeyExports } from "../src/generated/key-exports.ts";
import { byteOrder } from "./helpers.ts";

// The module as other AssemblyScript code uses it: with addresses, and with bytes at the memory's end.
const memory = createSharedMemory(1, 1);
const module = instantiate<KeyExports>(compileEmbedded(wasm), memory);
const bytes = new Uint8Array(memory.buffer);

test("comparing reads nothing beyond the given bytes, which end where the memory ends", () => {
  for (let length = 0; length <= 40; length++) {
    const a = WASM_PAGE_BYTES - length;
    const b = 1000;
    bytes.fill(0x55, a);
    bytes.fill(0x55, b, b + length);
    // These bytes would decide if they were read.
    bytes[a - 1] = 1;
    bytes[b - 1] = 2;
    bytes[b + length] = 0xff;
    expect(module.compareBytes(a, length, b, length)).toBe(0);
    expect(module.compareBytes(b, length, a, length)).toBe(0);
    expect(module.equalBytes(a, b, length)).toBe(1);
    expect(module.equalBytes(b, a, length)).toBe(1);
  }
});

test("empty bytes may have any address", () => {
  const nowhere = 0xffff_ffff;
  expect(module.compareBytes(nowhere, 0, nowhere, 0)).toBe(0);
  expect(module.compareBytes(nowhere, 0, 0, 1)).toBe(-1);
  expect(module.equalBytes(nowhere, 0, 0)).toBe(1);
});

test("slices and comparisons work at every alignment", () => {
  for (let address = 2000; address < 2008; address++) {
    for (let length = 0; length <= 24; length++) {
      bytes.fill(0xee, 1990, 2100);
      for (let i = 0; i < length; i++) bytes[address + i] = 0x80 + i;
      for (let offset = 0; offset <= length; offset++) {
        let expected = 0n;
        for (let i = offset; i < offset + 8; i++) {
          expected = (expected << 8n) | BigInt(i < length ? 0x80 + i : 0);
        }
        expect(BigInt.asUintN(64, module.ikeyAt(address, length, offset))).toBe(expected);
      }
      bytes.set(bytes.subarray(address, address + length), 3001);
      bytes[3001 + (length >> 1)] = 0x7f;
      const order = byteOrder(
        bytes.slice(address, address + length),
        bytes.slice(3001, 3001 + length),
      );
      expect(module.compareBytes(address, length, 3001, length)).toBe(order);
    }
  }
});

test("storing an ikey at any alignment writes exactly 8 bytes", () => {
  for (let address = 4000; address < 4008; address++) {
    bytes.fill(0xee, 3990, 4030);
    module.storeIkey(address, 0x0102_0304_0506_0708n);
    expect([...bytes.slice(address - 1, address + 9)]).toEqual([
      0xee, 1, 2, 3, 4, 5, 6, 7, 8, 0xee,
    ]);
  }
});
