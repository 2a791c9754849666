// The constants that a boundary shares: names of the source, values of the compiler.
import { expect, test } from "vitest";
import { boundaryOf } from "./project.ts";

/** The generated constants of these sources, without the one that every boundary has. */
async function constantsOf(sources: Record<string, string>, use?: Record<string, number>) {
  const text = await boundaryOf(sources, use);
  const [, constants = ""] = /interface SampleExports \{\n\}\n\n?(.*)/s.exec(text) ?? [];
  return constants;
}

test("values are the compiler's: offsets, sizes, arithmetic and constants of the config", async () => {
  const sources = {
    "assembly/boundary.ts": `
      import { BASE } from "./base";
      @unmanaged class Header { magic: u64; version: u32; flags: u32; }
      export const FLAGS_AT: usize = offsetof<Header>("flags");
      export const HEADER_BYTES: usize = (offsetof<Header>() + 31) & ~31;
      export const SLOTS: u32 = WIDTH * 2;
      export const KIND: u32 = WIDTH > 15 ? 2 : 1;
      export const BEHIND: usize = BASE + HEADER_BYTES;`,
    "assembly/base.ts": "export const BASE: usize = 1 << 16;",
  };
  expect(await constantsOf(sources, { WIDTH: 24 })).toBe(`\
export const FLAGS_AT: 12 = 12;

export const HEADER_BYTES: 32 = 32;

export const SLOTS: 48 = 48;

export const KIND: 2 = 2;

export const BEHIND: 65568 = 65568;
`);
});

test("every type of number comes as JavaScript meets it in results: integers signed", async () => {
  const sources = {
    "assembly/boundary.ts": `
      export const ABSENT: u32 = 0xffffffff;
      export const MINUS: i32 = -1;
      export const BYTE: u8 = 255;
      export const YES: bool = true;
      export const TOP: u64 = 1 << 63;
      export const LONG: i64 = 0x123456789abcdef;
      export const TENTH: f64 = 0.1;
      export const SINGLE: f32 = 0.5;
      export const NEVER: f64 = Infinity;
      export const NEVER_BEFORE: f64 = -Infinity;
      export const NOTHING: f64 = NaN;
      export const MINUS_ZERO: f64 = -0.0;`,
  };
  const lines = (await constantsOf(sources)).trim().split("\n\n");
  expect(lines.map((line) => line.replace("export const ", ""))).toEqual([
    "ABSENT: -1 = -1;",
    "MINUS: -1 = -1;",
    "BYTE: 255 = 255;",
    "YES: 1 = 1;",
    "TOP: -9223372036854775808n = -9223372036854775808n;",
    "LONG: 81985529216486895n = 81985529216486895n;",
    "TENTH: 0.1 = 0.1;",
    "SINGLE: 0.5 = 0.5;",
    "NEVER: number = Number.POSITIVE_INFINITY;",
    "NEVER_BEFORE: number = -Number.POSITIVE_INFINITY;",
    "NOTHING: number = Number.NaN;",
    "MINUS_ZERO: number = -0;",
  ]);
});

test("constants come through lists and export *; what is no constant stays behind", async () => {
  const sources = {
    "assembly/boundary.ts": `
      export { FORWARD as SCAN_FORWARD } from "./scan";
      export * from "./status";`,
    "assembly/scan.ts": `
      /** From the first key on. */
      export const FORWARD: u32 = 1;
      export const UNUSED: u32 = 2;`,
    "assembly/status.ts": `
      export const OK: u32 = 0;
      export let last: u32 = 3;
      export function status(): u32 { return last; }
      @unmanaged export class Status { value: u32; }`,
  };
  expect(await constantsOf(sources)).toBe(`\
/** From the first key on. */
export const SCAN_FORWARD: 1 = 1;

export const OK: 0 = 0;
`);
});

test("an enum is an object of literals, with the doc comments of its members", async () => {
  const sources = {
    "assembly/boundary.ts": `
      /** What a write came to. */
      export enum Outcome {
        Inserted,
        /** The key was there. */
        Replaced,
        Full = 1 << 3,
      }`,
  };
  expect(await constantsOf(sources)).toBe(`\
/** What a write came to. */
export const Outcome: {
  readonly Inserted: 0;
  /** The key was there. */
  readonly Replaced: 1;
  readonly Full: 8;
} = {
  Inserted: 0,
  Replaced: 1,
  Full: 8,
};
`);
});

test("code of the constants' files is not run, and need not be fit for a module", async () => {
  const sources = {
    "assembly/boundary.ts": `
      import { fail } from "./host";
      export const FINE: u32 = 1;
      export let name: string = "static data";
      export function call(): void { fail(); }
      while (true) fail();`,
    "assembly/host.ts": "export declare function fail(): void;",
  };
  expect(await constantsOf(sources)).toBe("export const FINE: 1 = 1;\n");
});
