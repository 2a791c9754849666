// The compiled module of each width. WIDTH is built in, so each width needs its own module of about a
// kilobyte.
import { compileEmbedded } from "@masstree/wasm";
import { wasm as w1 } from "./generated/permuter-1.ts";
import { wasm as w2 } from "./generated/permuter-2.ts";
import { wasm as w3 } from "./generated/permuter-3.ts";
import { wasm as w4 } from "./generated/permuter-4.ts";
import { wasm as w5 } from "./generated/permuter-5.ts";
import { wasm as w6 } from "./generated/permuter-6.ts";
import { wasm as w7 } from "./generated/permuter-7.ts";
import { wasm as w8 } from "./generated/permuter-8.ts";
import { wasm as w9 } from "./generated/permuter-9.ts";
import { wasm as w10 } from "./generated/permuter-10.ts";
import { wasm as w11 } from "./generated/permuter-11.ts";
import { wasm as w12 } from "./generated/permuter-12.ts";
import { wasm as w13 } from "./generated/permuter-13.ts";
import { wasm as w14 } from "./generated/permuter-14.ts";
import { wasm as w15 } from "./generated/permuter-15.ts";
import { wasm as w24 } from "./generated/permuter-24.ts";
import type { PermuterExports } from "./generated/permuter-exports.ts";

/** A number of slots for which there is a module. */
export type PermuterWidth = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 24;

const embedded: Record<PermuterWidth, string> = {
  1: w1,
  2: w2,
  3: w3,
  4: w4,
  5: w5,
  6: w6,
  7: w7,
  8: w8,
  9: w9,
  10: w10,
  11: w11,
  12: w12,
  13: w13,
  14: w14,
  15: w15,
  24: w24,
};

export function isWidth(width: unknown): width is PermuterWidth {
  return typeof width === "number" && Object.hasOwn(embedded, width);
}

/** Creates an instance of a width's module. It has no memory: permutations are passed by value. */
export function instantiateWidth(width: PermuterWidth): PermuterExports {
  const { exports } = new WebAssembly.Instance(compileEmbedded(embedded[width]));
  return exports as unknown as PermuterExports;
}
