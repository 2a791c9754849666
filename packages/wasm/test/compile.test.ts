import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compileEmbedded } from "../src/index.ts";
import { counter, garbage, importing, truncated, unknownInstruction } from "./fixture.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a second call with the same text returns the same module", () => {
  expect(compileEmbedded(counter)).toBe(compileEmbedded(`${counter}`));
  expect(compileEmbedded(importing)).not.toBe(compileEmbedded(counter));
});

test("the module has the exports that the text encodes", () => {
  expect(WebAssembly.Module.exports(compileEmbedded(counter))).toEqual([
    { name: "bump", kind: "function" },
  ]);
});

test("capital digits will do", () => {
  const { exports } = WebAssembly.Module;
  expect(exports(compileEmbedded(counter.toUpperCase()))).toEqual(
    exports(compileEmbedded(counter)),
  );
});

describe("bytes of every value", () => {
  // In a section that engines skip, so that its bytes can be anything.
  const every = Array.from({ length: 256 }, (_, byte) => byte);
  const section = Buffer.from([0, 0x83, 2, 2, 0x69, 0x64, ...every]).toString("hex");
  const decoded = (text: string) => {
    const [bytes] = WebAssembly.Module.customSections(compileEmbedded(text), "id");
    return [...new Uint8Array(bytes!)];
  };

  beforeEach(() => vi.stubGlobal("Uint8Array", class extends Uint8Array {}));

  test("are decoded by the engine, if it can", () => {
    const fromHex = vi.fn((hex: string) => Uint8Array.from(Buffer.from(hex, "hex")));
    Object.assign(Uint8Array, { fromHex });
    const text = `${counter}${section}`;
    expect(decoded(text)).toEqual(every);
    expect(fromHex.mock.calls).toEqual([[text]]);
  });

  test.each(["toLowerCase", "toUpperCase"] as const)("are decoded without it: %s", (convert) => {
    Object.assign(Uint8Array, { fromHex: undefined });
    // Twice the section, as text that was compiled before is not decoded.
    expect(decoded(`${counter}${section}${section}`[convert]())).toEqual(every);
  });
});

describe("text that is not a module is refused, at every call:", () => {
  test.each([
    ["not digits", "!!", /two hexadecimal digits for each byte, not "!!"/],
    [
      "base64, which modules used to be",
      "AGFzbQEAAAA=",
      /digits for each byte, not "AGFzbQEAAAA="/,
    ],
    ["half a byte", counter.slice(0, -1), /digits for each byte, not a string of/],
    ["a line break at the end", `${counter}\n`, /digits for each byte, not a string of/],
    ["line breaks between bytes", `${counter}\n\n`, /digits for each byte, not a string of/],
    [
      "a digit of another script",
      `${counter}\u0661\u0661`,
      /digits for each byte, not a string of/,
    ],
    ["undefined", undefined, /digits for each byte, not undefined/],
    ["an object that cannot be converted to a string", Object.create(null), /not an object/],
    ["something else in hexadecimal", garbage, /text is not a WebAssembly module/],
    ["nothing", "", /text is not a WebAssembly module/],
    ["the first part of a module", truncated, /text is not a WebAssembly module/],
    [
      "a module with an unknown instruction",
      unknownInstruction,
      /text is not a WebAssembly module/,
    ],
  ])("%s", (_, hex, message) => {
    for (let i = 0; i < 2; i++) {
      expect(() => compileEmbedded(hex as string)).toThrow(MassTreeBadOptionError);
      expect(() => compileEmbedded(hex as string)).toThrow(message);
    }
  });

  test("the engine's error is the cause", () => {
    expect(() => compileEmbedded(truncated)).toThrow(
      expect.objectContaining({ cause: expect.any(WebAssembly.CompileError) }),
    );
  });
});

describe("a platform is refused with advice, at every call,", () => {
  // A different text for each test, because a text that compiled once is not compiled again.
  const modules = ["a", "b", "c"].map((name) => withCustomSection(name));
  const refused = (hex: string) => {
    for (let i = 0; i < 2; i++) {
      expect(() => compileEmbedded(hex)).toThrow(MassTreeUnsupportedError);
      expect(() => compileEmbedded(hex)).toThrow(/Use Node 20\.19/);
    }
  };

  test("if it has no WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    refused(modules[0]!);
    refused(garbage);
  });

  test("if it lacks the features, or a policy forbids compiling", () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(function fail() {
      throw new WebAssembly.CompileError("invalid memory limits flags");
    });
    refused(modules[1]!);
  });

  test("if it refuses to compile a valid module in this thread", () => {
    vi.spyOn(WebAssembly, "Module").mockImplementationOnce(function fail() {
      throw new RangeError("too large for the main thread");
    });
    expect(() => compileEmbedded(modules[2]!)).toThrow(
      expect.objectContaining({ code: "MASSTREE_UNSUPPORTED", cause: expect.any(RangeError) }),
    );
    expect(compileEmbedded(modules[2]!)).toBeInstanceOf(WebAssembly.Module);
  });
});

function withCustomSection(name: string): string {
  const section = [0, 1 + name.length, name.length, ...Buffer.from(name)];
  return `${counter}${Buffer.from(section).toString("hex")}`;
}
