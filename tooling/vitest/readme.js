// Runs the examples in READMEs and doc comments, so that code a stranger copies works. readme-blocks.js
// says which blocks of a document are programs, and what they assert.
//
// Node runs each in its own process, and it imports the built package by its name. ```ts blocks must also
// pass `tsc --strict`.
//
// A ```js of path block is not a program but shows a part of that file, see testExcerpts.
// readme-assembly.js compiles ```ts assembly blocks.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { blocks, toProgram } from "./readme-blocks.js";

export { compileExample } from "./readme-assembly.js";

export function testExamples(testFile, document = "../README.md") {
  const path = fileURLToPath(new URL(document, testFile));
  testBlocks(testFile, path, blocks(readFileSync(path, "utf8")));
}

export function testDocuments(testFile, documents) {
  const directory = fileURLToPath(new URL("..", testFile));
  const typescript = createRequire(testFile)("typescript");
  const written = documents.map((document) => {
    const path = fileURLToPath(new URL(document, testFile));
    const files = writeBlocks(directory, path, blocks(readFileSync(path, "utf8")), typescript);
    return { path, name: basename(path), ...files };
  });
  describe("examples of", () => {
    test("tsc finds no type error", () => {
      const typed = written.flatMap(({ name, typed }) =>
        typed.map((block) => ({ ...block, name })),
      );
      expect(typeErrors(typed, directory, typescript)).toEqual([]);
    });
    test.each(written)("$name", async ({ folder, programs }) => {
      expect(programs).not.toEqual([]);
      // One process takes them in turn: to start one takes longer than most of them do.
      const all = join(folder, "all.js");
      const imports = programs.map(({ file }) => `await import("./${basename(file)}");\n`);
      writeFileSync(all, imports.join(""));
      await expectSuccess(all);
    });
  });
}

export function testExcerpts(testFile, document = "../README.md") {
  const path = fileURLToPath(new URL(document, testFile));
  // A formatter indents the document's code anew.
  const unindented = (code) => code.replaceAll(/^ +/gm, "");
  const read = (file) => unindented(readFileSync(file, "utf8"));
  const shown = [
    ...readFileSync(path, "utf8").matchAll(/^```[jt]s of (\S+)\n(.*?)^```$/gms),
  ].flatMap(([, file, code]) =>
    code.split(/^ *\/\/ \.\.\.\n/m).map((part) => ({ file, part: unindented(part) })),
  );
  describe(`what ${relative(fileURLToPath(new URL("..", testFile)), path)} shows of the sources is there:`, () => {
    test("something is shown", () => expect(shown).not.toEqual([]));
    test.each(shown)("$file: $part", ({ file, part }) => {
      expect(read(join(dirname(path), file))).toContain(part);
    });
  });
}

export function testDocExamples(testFile, source, imports) {
  const path = fileURLToPath(new URL(source, testFile));
  const text = readFileSync(path, "utf8").replace(/^ *\* ?/gm, "");
  // Imports go on the first line, so that all lines keep their numbers.
  const found = blocks(text).map((block) => ({ ...block, start: `${imports} ` }));
  testBlocks(testFile, path, found);
}

function testBlocks(testFile, path, found) {
  const directory = fileURLToPath(new URL("..", testFile));
  const typescript = createRequire(testFile)("typescript");
  const { programs, typed } = writeBlocks(directory, path, found, typescript);
  describe(`examples of ${relative(directory, path)}`, () => {
    test("there is at least one", () => expect(programs).not.toEqual([]));
    if (typed.length > 0) {
      test("tsc finds no type error", () =>
        expect(typeErrors(typed, directory, typescript)).toEqual([]));
    }
    test.each(programs)("line $line", async ({ file }) => {
      await expectSuccess(file);
    });
  });
}

/** Writes the blocks of a document as programs, and those in TypeScript as such. */
function writeBlocks(directory, path, found, typescript) {
  // A folder inside the package, so that the package's own name and its dependencies resolve.
  const document = relative(directory, path).replace(/\W+/g, "-");
  const folder = join(directory, "reports", "examples", document);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  const programs = [];
  const typed = [];
  for (const { line, language, code, file: name, isRun, start = "" } of found) {
    const file = join(folder, name);
    writeFileSync(file, toProgram(language, start, code, typescript));
    if (isRun) programs.push({ line, file });
    if (language === "ts") {
      const source = join(folder, `line-${line}.ts`);
      writeFileSync(source, start + code);
      typed.push({ line, source });
    }
  }
  return { folder, programs, typed };
}

/** tsc's errors in the examples, with the document's line numbers. One program checks all of them. */
function typeErrors(typed, directory, typescript) {
  const { createProgram, flattenDiagnosticMessageText, ModuleKind, ScriptTarget } = typescript;
  const program = createProgram(
    typed.map(({ source }) => source),
    {
      strict: true,
      noUncheckedIndexedAccess: true,
      // Without the DOM's types, like most programs for Node: reading them takes longer than all the rest.
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      target: ScriptTarget.ES2022,
      module: ModuleKind.NodeNext,
      moduleDetection: typescript.ModuleDetectionKind.Force,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(directory, "node_modules", "@types")],
    },
  );
  const setup = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  const found = typed.flatMap(({ line, source, name }) => {
    const file = program.getSourceFile(source);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      (diagnostic) => {
        // The example's first line follows the fence.
        const at = line + 1 + file.getLineAndCharacterOfPosition(diagnostic.start).line;
        const place = name === undefined ? `line ${at}` : `${name}:${at}`;
        return `${place}: ${describeDiagnostic(diagnostic)}`;
      },
    );
  });
  return [...setup.map(describeDiagnostic), ...found];

  function describeDiagnostic({ code, messageText }) {
    return `TS${code}: ${flattenDiagnosticMessageText(messageText, "\n")}`;
  }
}

async function expectSuccess(file) {
  const { status, stderr } = await run(file);
  // A report shows a failure's message, and not always what differs.
  expect({ status, stderr }, stderr).toEqual({ status: 0, stderr: "" });
}

function run(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "inherit", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (status, signal) => resolve({ status: status ?? signal, stderr }));
  });
}
