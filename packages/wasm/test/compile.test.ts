import { MassTreeUnsupportedError } from "@masstree/errors";
import { expect, test } from "vitest";
import { compileEmbedded } from "../src/index.ts";
import { counter, garbage, importing } from "./fixture.ts";

test("a text is compiled once", () => {
  expect(compileEmbedded(counter)).toBe(compileEmbedded(`${counter}`));
  expect(compileEmbedded(importing)).not.toBe(compileEmbedded(counter));
});

test("the module is what the text says", () => {
  expect(WebAssembly.Module.exports(compileEmbedded(counter))).toEqual([
    { name: "bump", kind: "function" },
  ]);
});

test("a module that the platform cannot compile is refused with advice, every time", () => {
  for (let i = 0; i < 2; i++) {
    expect(() => compileEmbedded(garbage)).toThrow(MassTreeUnsupportedError);
    expect(() => compileEmbedded(garbage)).toThrow(/Use Node 20\.19/);
  }
});
