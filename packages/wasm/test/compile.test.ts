import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { afterEach, describe, expect, test, vi } from "vitest";
import { compileEmbedded } from "../src/index.ts";
import { counter, garbage, importing, truncated, unknownInstruction } from "./fixture.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a text is compiled once", () => {
  expect(compileEmbedded(counter)).toBe(compileEmbedded(`${counter}`));
  expect(compileEmbedded(importing)).not.toBe(compileEmbedded(counter));
});

test("the module is what the text says", () => {
  expect(WebAssembly.Module.exports(compileEmbedded(counter))).toEqual([
    { name: "bump", kind: "function" },
  ]);
});

describe("what is no module is refused as such, every time", () => {
  test.each([
    ["no base64", "!!", /standard base64, not "!!"/],
    ["base64 with a character missing", counter.slice(0, -3), /standard base64, not a string of/],
    ["no string", undefined, /standard base64, not undefined/],
    ["an object that is made a string of with difficulty", Object.create(null), /not an object/],
    ["the base64 of something else", garbage, /of no WebAssembly module/],
    ["the base64 of nothing", "", /of no WebAssembly module/],
    ["the first part of a module", truncated, /of no WebAssembly module/],
    [
      "a module with an instruction that there is not",
      unknownInstruction,
      /of no WebAssembly module/,
    ],
  ])("%s", (_, base64, message) => {
    for (let i = 0; i < 2; i++) {
      expect(() => compileEmbedded(base64 as string)).toThrow(MassTreeBadOptionError);
      expect(() => compileEmbedded(base64 as string)).toThrow(message);
    }
  });

  test("with what the engine says of it", () => {
    expect(() => compileEmbedded(truncated)).toThrow(
      expect.objectContaining({ cause: expect.any(WebAssembly.CompileError) }),
    );
  });
});

describe("a platform is refused with advice, every time,", () => {
  // A text of its own each time: what was compiled once is not compiled again.
  const modules = ["a", "b", "c"].map((name) => withCustomSection(name));
  const refused = (base64: string) => {
    for (let i = 0; i < 2; i++) {
      expect(() => compileEmbedded(base64)).toThrow(MassTreeUnsupportedError);
      expect(() => compileEmbedded(base64)).toThrow(/Use Node 20\.19/);
    }
  };

  test("that has no WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    refused(modules[0]!);
    refused(garbage);
  });

  test("that does not know the features, or is not let compile anything", () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(function fail() {
      throw new WebAssembly.CompileError("invalid memory limits flags");
    });
    refused(modules[1]!);
  });

  test("that does not compile this one here, though it is one", () => {
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
  return Buffer.concat([Buffer.from(counter, "base64"), Buffer.from(section)]).toString("base64");
}
