// What a boundary must not be, and how the build says so.
import { expect, test } from "vitest";
import { MAX_PARAMETERS } from "../src/boundary/max-parameters.js";
import { boundaryOf } from "./project.ts";

const doc = "/** F. */ ";
const parameters = (count: number) =>
  Array.from({ length: count }, (_, i) => `p${i}: i32`).join(", ");

const entry = (source: string) => ({ "assembly/index.ts": source });
const constants = (source: string) => ({ "assembly/boundary.ts": source });

test.each<[string, Record<string, string>, string[]]>([
  [
    "more parameters than the guard of calls passes",
    entry(`${doc}export function f(${parameters(MAX_PARAMETERS + 1)}): void {}`),
    ["'f' (assembly/index.ts:1) has 7 parameters", "MAX_PARAMETERS"],
  ],
  [
    "a function without a doc comment, wherever it is declared",
    { ...entry('export * from "./f";'), "assembly/f.ts": "\nexport function f(): void {}" },
    ["'f' (assembly/f.ts:2) has no doc comment"],
  ],
  [
    "an empty doc comment",
    entry("/** */ export function f(): void {}"),
    ["'f' (assembly/index.ts:1) has no doc comment"],
  ],
  [
    "the doc comment of something else",
    entry("/** G. */ function g(): void {} export function f(): void { g(); }"),
    ["'f' (assembly/index.ts:1) has no doc comment"],
  ],
  [
    "optional parameters",
    entry(`${doc}export function f(x: i32 = 1): i32 { return x; }`),
    ["optional parameters"],
  ],
  [
    "a vector as a parameter",
    entry(`${doc}export function f(x: v128): i32 { return i32x4.extract_lane(x, 0); }`),
    ["'f' (assembly/index.ts:1) has a type that JavaScript does not"],
  ],
  [
    "two functions of one name through export *",
    {
      ...entry('export * from "./a"; export * from "./b";'),
      "assembly/a.ts": `${doc}export function f(): void {}`,
      "assembly/b.ts": `${doc}export function f(x: i32): i32 { return x; }`,
    },
    ["'f' comes through two 'export *'", "assembly/a.ts:1 and assembly/b.ts:1"],
  ],
  [
    "two functions of one name in lists",
    {
      ...entry('export { f } from "./a";\nexport { f } from "./b";'),
      "assembly/a.ts": `${doc}export function f(): void {}`,
      "assembly/b.ts": `${doc}export function f(x: i32): i32 { return x; }`,
    },
    ["'f' is exported again at assembly/index.ts:2"],
  ],
  [
    "two constants of one name",
    {
      ...constants('export * from "./a"; export * from "./b";'),
      "assembly/a.ts": "export const LIMIT: u32 = 1;",
      "assembly/b.ts": "export const LIMIT: u32 = 2;",
    },
    ["'LIMIT' comes through two 'export *'"],
  ],
  [
    "a constant with a name that is taken",
    constants("export const MAX_PARAMETERS: u32 = 1; export const SampleExports: u32 = 2;"),
    ["'MAX_PARAMETERS' would be exported twice", "'SampleExports' would be exported twice"],
  ],
  [
    "a constant that is computed when the module starts",
    constants("function two(): u32 { return 2; }\nexport const TWO: u32 = two();"),
    ["'TWO' (assembly/boundary.ts:2) is not a compile-time constant"],
  ],
  [
    "a member of an enum that is computed when the module starts",
    constants("function two(): i32 { return 2; } export enum Count { Two = two() }"),
    ["'Count.Two' (assembly/boundary.ts:1) is not a compile-time constant"],
  ],
  [
    "a constant that is no number",
    constants('export const NAME: string = "x"; export const LANES: v128 = i32x4.splat(1);'),
    ["'NAME' (assembly/boundary.ts:1) is not a number", "'LANES' (assembly/boundary.ts:1) is not"],
  ],
  [
    "a constant without a name",
    constants("const A: u32 = 1; export { A as default };"),
    ["The default export (assembly/boundary.ts:1) has no name"],
  ],
])("%s: refused", async (_, sources, messages) => {
  const refusal = boundaryOf(sources).then(
    () => "accepted",
    (error: Error) => error.message,
  );
  expect(await refusal).toMatch(/^its boundary is refused:\n/);
  for (const message of messages) expect(await refusal).toContain(message);
});

test("as many parameters as the guard of calls passes are accepted", async () => {
  const source = `${doc}export function f(${parameters(MAX_PARAMETERS)}): void {}`;
  const text = await boundaryOf(entry(source));
  expect(text).toContain(
    "f(p0: number, p1: number, p2: number, p3: number, p4: number, p5: number)",
  );
  expect(text).toContain(`export const MAX_PARAMETERS: ${MAX_PARAMETERS} = ${MAX_PARAMETERS};`);
});

test("everything that is wrong is said at once", async () => {
  const sources = {
    ...entry("export function f(): void {}\nexport function g(): void {}"),
    ...constants("function two(): u32 { return 2; } export const TWO: u32 = two();"),
  };
  await expect(boundaryOf(sources)).rejects.toThrow(/'f' .*'g' .*'TWO' /s);
});
