// Text from bytes: with Node's buffers or without, it is what the engine's decoder says.
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { decodeText } from "../src/index.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

// Mostly text, with bytes that belong nowhere, cut anywhere.
const bytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }).map((text) => [...Buffer.from(text)]),
      fc.constantFrom([0xef, 0xbf, 0xbd], [0xef, 0xbb, 0xbf], [0xed, 0xa0, 0x80], [0xc0, 0x80]),
      fc.constantFrom([0xff], [0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98]),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

/** The text, or that there is none. */
function outcome(decode: () => string): string | TypeError {
  try {
    return decode();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return new TypeError("no UTF-8");
  }
}

function expectAgreement(decode: typeof decodeText): void {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(bytes, fc.nat(40), fc.nat(40), (source, a, b) => {
      const start = Math.min(a, b, source.length);
      const end = Math.min(Math.max(a, b), source.length);
      const wanted = outcome(() => decoder.decode(source.slice(start, end)));
      expect(outcome(() => decode(source, start, end))).toEqual(wanted);
    }),
    { numRuns: runs(1000) },
  );
}

test("in Node it is what the decoder says, and nothing else is taken for text", () => {
  expectAgreement(decodeText);
});

const fakes: [string, object | undefined][] = [
  ["there are no buffers", undefined],
  ["buffers have no such method", { prototype: {} }],
  ["the method throws", { prototype: { utf8Slice: () => expect.unreachable() } }],
  ["the method does not say what is no UTF-8", { prototype: { utf8Slice: () => "\ufeff\u00e9" } }],
];

test.each(fakes)("it is the same where %s", async (_, Buffers) => {
  const found = (name: string) =>
    name === "node:buffer" ? Buffers && { Buffer: Buffers } : process.getBuiltinModule(name);
  vi.stubGlobal("process", Object.create(process, { getBuiltinModule: { value: found } }));
  vi.resetModules();
  const fresh = await import("../src/index.ts");
  expectAgreement(fresh.decodeText);
});
