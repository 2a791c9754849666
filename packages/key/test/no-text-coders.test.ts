// Engines and test environments without TextEncoder and TextDecoder, as Jest's jsdom; and with one that does not take
// shared memory.
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("TextEncoder", undefined);
  vi.stubGlobal("TextDecoder", undefined);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const long = "\u00fc".repeat(100);

test("in Node, those of node:util do", async () => {
  const { keyCodecs, MAX_KEY_BYTES } = await import("../src/index.ts");
  const room = new Uint8Array(MAX_KEY_BYTES + 16);
  const length = keyCodecs.string.encode(long, room, 0);
  expect(length).toBe(200);
  expect(keyCodecs.string.decode(room, 0, length)).toBe(long);
});

test("elsewhere, importing works, and what needs them says what is missing", async () => {
  vi.stubGlobal("process", Object.create(process, { getBuiltinModule: { value: undefined } }));
  const { keyCodecs, MAX_KEY_BYTES, textDecoder, textEncoder } = await import("../src/index.ts");
  const room = new Uint8Array(MAX_KEY_BYTES + 16);
  const unsupported = expect.objectContaining({ code: "MASSTREE_UNSUPPORTED" });
  expect(keyCodecs.string.encode("short", room, 0)).toBe(5);
  expect(keyCodecs.string.decode(room, 0, 5)).toBe("short");
  expect(() => keyCodecs.string.encode(long, room, 0)).toThrow(unsupported);
  expect(() => keyCodecs.string.decode(Uint8Array.of(0xc3, 0xbc), 0, 2)).toThrow(unsupported);
  expect(textEncoder).toThrow("There is no TextEncoder here.");
  expect(textDecoder).toThrow("There is no TextDecoder here.");
});

test("an encoder that refuses shared memory is not given any but once, to ask", async () => {
  const { TextEncoder: Real, TextDecoder: Decoder } = await import("node:util");
  let refused = 0;
  class Refusing extends Real {
    override encodeInto(text: string, target: Uint8Array<ArrayBuffer>) {
      if (!(target.buffer instanceof SharedArrayBuffer)) return super.encodeInto(text, target);
      refused++;
      throw new TypeError("The provided Uint8Array value must not be shared.");
    }
  }
  vi.stubGlobal("TextEncoder", Refusing);
  vi.stubGlobal("TextDecoder", Decoder);
  const { keyCodecs, MAX_KEY_BYTES } = await import("../src/index.ts");
  const room = new Uint8Array(new SharedArrayBuffer(MAX_KEY_BYTES + 32));
  for (const offset of [0, 16]) {
    const length = keyCodecs.string.encode(long, room, offset);
    expect(new Real().encode(long)).toEqual(room.slice(offset, offset + length));
    expect(() => keyCodecs.string.encode(`${long}\ud800`, room, offset)).toThrow(/surrogate/);
  }
  expect(refused).toBe(1);
});
