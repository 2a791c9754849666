// Runs the examples in READMEs and doc comments, so that code a stranger copies works.
//
// Every ```ts and ```js block is a program. Node runs it in its own process, and it imports the built
// package by its name. ```ts blocks must also pass `tsc --strict`. In a program,
//
//   expression; // => value                asserts that the two are deeply equal
//   const name = expression; // => value   asserts the same of the constant
//
// A ```js block whose first line is `// name.js` is saved under that name in the same folder, so that
// `new URL("./name.js", import.meta.url)` finds it. Of such blocks, only `// main.js` is run.
//
// A ```js of path block is not a program but shows a part of that file, see testExcerpts.
//
// Any other fence with a second word, such as ```js browser, is not for Node. readme-assembly.js compiles
// ```ts assembly blocks.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

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
      expect(await run(all)).toEqual({ status: 0, stderr: "" });
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
      expect(await run(file)).toEqual({ status: 0, stderr: "" });
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
  for (const { line, language, code, start = "" } of found) {
    const name = language === "js" ? /^\/\/ ([\w-]+\.js)\n/.exec(code)?.[1] : undefined;
    const file = join(folder, name ?? `line-${line}.js`);
    writeFileSync(file, toProgram(language, start, code, typescript));
    if (name === undefined || name === "main.js") programs.push({ line, file });
    if (language === "ts") {
      const source = join(folder, `line-${line}.ts`);
      writeFileSync(source, start + code);
      typed.push({ line, source });
    }
  }
  return { folder, programs, typed };
}

function blocks(markdown) {
  return [...markdown.matchAll(/^```(ts|js)\n(.*?)^```$/gms)].map(
    ({ index, 1: language, 2: code }) => ({
      line: markdown.slice(0, index).split("\n").length,
      language,
      code,
    }),
  );
}

function toProgram(language, start, code, { transpileModule, ModuleKind, ScriptTarget }) {
  const body = code
    .replace(/^(\s*const (\w+)\b.*;) \/\/ => (.*)$/gm, "$1 __assert.deepEqual($2, $3);")
    .replace(/^(\s*)(\S.*); \/\/ => (.*)$/gm, "$1__assert.deepEqual($2, $3);");
  const asserted = start + body;
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const program =
    language === "ts" ? transpileModule(asserted, { compilerOptions }).outputText : asserted;
  return `import __assert from "node:assert/strict";\n${program}`;
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
