import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { afterEach, describe, expect, test, vi } from "vitest";
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

describe("text that is not a module is refused, at every call:", () => {
  test.each([
    ["not base64", "!!", /standard base64, not "!!"/],
    ["base64 with a character missing", counter.slice(0, -3), /standard base64, not a string of/],
    ["undefined", undefined, /standard base64, not undefined/],
    ["an object that cannot be converted to a string", Object.create(null), /not an object/],
    ["the base64 of something else", garbage, /base64 is not a WebAssembly module/],
    ["the base64 of nothing", "", /base64 is not a WebAssembly module/],
    ["the first part of a module", truncated, /base64 is not a WebAssembly module/],
    [
      "a module with an unknown instruction",
      unknownInstruction,
      /base64 is not a WebAssembly module/,
    ],
  ])("%s", (_, base64, message) => {
    for (let i = 0; i < 2; i++) {
      expect(() => compileEmbedded(base64 as string)).toThrow(MassTreeBadOptionError);
      expect(() => compileEmbedded(base64 as string)).toThrow(message);
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
  const refused = (base64: string) => {
    for (let i = 0; i < 2; i++) {
      expect(() => compileEmbedded(base64)).toThrow(MassTreeUnsupportedError);
      expect(() => compileEmbedded(base64)).toThrow(/Use Node 20\.19/);
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
  return Buffer.concat([Buffer.from(counter, "base64"), Buffer.from(section)]).toString("base64");
}
