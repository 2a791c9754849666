// What an instrumented module imports: how it announces its steps.
import { ValueType } from "./wasm/access.ts";

/** The module name of the imports that the instrumentation adds. */
export const hostModule = "interleave";

const { i32, i64 } = ValueType;

/** The added imports, in order. The first `suspendingImports` of them may stop the thread. */
export const hostFunctions: readonly {
  name: string;
  parameters: readonly number[];
  results: readonly number[];
}[] = [
  { name: "step", parameters: [i32, i32], results: [] },
  { name: "range", parameters: [i32, i32, i32], results: [] },
  { name: "copy", parameters: [i32, i32, i32, i32], results: [] },
  { name: "exchange", parameters: [i32, i32, i32, i32], results: [] },
  { name: "wait32", parameters: [i32, i32, i64, i32], results: [i32] },
  { name: "wait64", parameters: [i32, i64, i64, i32], results: [i32] },
  { name: "notify", parameters: [i32, i32, i32], results: [i32] },
  { name: "size", parameters: [], results: [i32] },
  { name: "grow", parameters: [i32], results: [i32] },
  { name: "enter", parameters: [i32, i32, i32, i32], results: [] },
  { name: "leave", parameters: [i32, i32], results: [] },
];

export const suspendingImports = 7;

/** Their indices. */
export const host = Object.fromEntries(
  hostFunctions.map(({ name }, index) => [name, index]),
) as Record<
  | "step"
  | "range"
  | "copy"
  | "exchange"
  | "wait32"
  | "wait64"
  | "notify"
  | "size"
  | "grow"
  | "enter"
  | "leave",
  number
>;
