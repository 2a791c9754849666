// The declarations, as built, in programs with other types than this repository's.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const packages =
  "epoch errors inline key local masstree memory nodeversion permuter session tree wasm".split(" ");
const program = fileURLToPath(new URL("./programs/plain-types.ts", import.meta.url));

test.each([
  ["the types of ES2020, which has no ErrorOptions", ["lib.es2020.d.ts"], []],
  ["neither the DOM's types nor Node's, nor Symbol.dispose", ["lib.es2022.d.ts"], []],
  ["Node's types alone", ["lib.es2022.d.ts"], ["node"]],
  ["the DOM's types", ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"], []],
])("compile with %s", (_, lib, types) => {
  const { diagnostics, files } = compile(lib, types);
  expect(diagnostics).toEqual([]);
  for (const name of packages) {
    expect(files.some((file) => file.endsWith(`packages/${name}/dist/index.d.ts`))).toBe(true);
  }
});

function compile(lib: string[], types: string[]): { diagnostics: string[]; files: string[] } {
  const options: ts.CompilerOptions = {
    lib,
    types,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const made = ts.createProgram([program], options);
  // Ours: what the compiler and Node bring is not to be checked here.
  const files = made
    .getSourceFiles()
    .filter(({ fileName }) => fileName === program || fileName.includes("/dist/"));
  const found = files.flatMap((file) => [
    ...made.getSyntacticDiagnostics(file),
    ...made.getSemanticDiagnostics(file),
  ]);
  return {
    diagnostics: [...made.getOptionsDiagnostics(), ...found].map(({ messageText, file }) => {
      return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    }),
    files: files.map(({ fileName }) => fileName),
  };
}
