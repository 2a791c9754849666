// The generated file as a package's TypeScript sees it: with the repository's own settings, and where
// no library of types has `WebAssembly`.
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { boundaryOf, project } from "./project.ts";

const sources = {
  "assembly/index.ts": `
    import { now } from "./host";
    /** Milliseconds since a moment. */
    export function since(moment: f64): f64 { return now() - moment; }
    /** The size of a word. */
    export function bits(word: u64): bool { return word > 0; }
    /** Counts. */
    export let counter: u64 = 1;
    export const limit: u32 = 7;`,
  "assembly/host.ts": "/** The time. */ export declare function now(): f64;",
  "assembly/boundary.ts": `
    /** Done. */
    export const OK: u32 = 0;
    /** No room. */
    export const FULL: u32 = 1;
    export const TOP: u64 = 1 << 63;
    export const NEVER: f64 = Infinity;
    export enum Outcome { Inserted, Replaced = 4 }`,
};

/** What TypeScript has against a file next to the generated one. */
async function errorsOf(consumer: string): Promise<string[]> {
  const directory = project({
    "package.json": '{ "type": "module" }',
    "src/generated/sample-exports.ts": await boundaryOf(sources),
    "src/consumer.ts": consumer,
  });
  const settings = new URL("../node_modules/@tooling/typescript/library.json", import.meta.url);
  const { options } = ts.getParsedCommandLineOfConfigFile(
    settings.pathname,
    { lib: ["lib.es2022.d.ts"], types: [], isolatedDeclarations: true, skipLibCheck: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
      },
    },
  )!;
  const program = ts.createProgram([join(directory, "src/consumer.ts")], options);
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const imports = `
  import {
    FULL, MAX_PARAMETERS, NEVER, OK, Outcome, type SampleExports, type SampleImports, TOP,
  } from "./generated/sample-exports.ts";`;

test("TypeScript takes it, and knows each type exactly", async () => {
  const errors = await errorsOf(`${imports}
    type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
    type Global<T> = { readonly value: T };
    export const same: [
      Same<SampleExports["since"], (moment: number) => number>,
      Same<SampleExports["bits"], (word: bigint) => number>,
      Same<SampleExports["counter"], { value: bigint }>,
      Same<SampleExports["limit"], Global<number>>,
      Same<SampleImports["host"]["now"], () => number>,
      Same<[typeof OK, typeof FULL, typeof MAX_PARAMETERS], [0, 1, 6]>,
      Same<typeof TOP, -9223372036854775808n>,
      Same<typeof NEVER, number>,
      Same<typeof Outcome, { readonly Inserted: 0; readonly Replaced: 4 }>,
    ] = [true, true, true, true, true, true, true, true, true];
    // What takes any imports takes these.
    export const given = (host: SampleImports): Record<string, Record<string, unknown>> => host;
    export type Status = typeof OK | typeof FULL;
    export function text(status: Status): "ok" | "full" {
      if (status === FULL) return "full";
      const rest: typeof OK = status;
      return rest === 0 ? "ok" : rest;
    }
    export const values: unknown[] = [OK, TOP, NEVER, Outcome, MAX_PARAMETERS];`);
  expect(errors).toEqual([]);
});

test("what the module does not export is an error, and so is writing what it does not let change", async () => {
  const errors = await errorsOf(`${imports}
    export function wrong(exports: SampleExports, host: SampleImports): unknown[] {
      exports.limit.value = 1;
      exports.missing();
      exports.since(1n);
      return [OK, FULL, TOP, NEVER, Outcome.Missing, MAX_PARAMETERS, host];
    }`);
  expect(errors).toEqual([
    expect.stringContaining("Cannot assign to 'value'"),
    expect.stringContaining("'missing' does not exist"),
    expect.stringContaining("'bigint' is not assignable"),
    expect.stringContaining("'Missing' does not exist"),
  ]);
});
