// Engines and test environments without TextEncoder and TextDecoder, as Jest's jsdom.
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
