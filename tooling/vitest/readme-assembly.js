// Compiles the AssemblyScript examples of a README, which are its ```ts assembly blocks, as the README
// says: with the `npx asc` command in its ```sh block, and for editors with the settings it names.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// Users' modules must meet the same conditions that the build checks for the packages' own modules.
import { checkModule } from "../assemblyscript/src/check-module.js";

export async function compileExample(testFile, index = 0, imports = []) {
  const directory = fileURLToPath(new URL("..", testFile));
  const readme = readFileSync(join(directory, "README.md"), "utf8");
  const example = [...readme.matchAll(/^```ts assembly\n(.*?)^```$/gms)][index]?.[1];
  if (example === undefined) throw new Error(`README.md has no AssemblyScript example ${index}`);
  const folder = join(directory, "reports", "examples", `assembly-${index}`);
  mkdirSync(folder, { recursive: true });

  checkTypes(testFile, folder, readme, example);
  const binary = await compile(testFile, folder, example, argumentsOf(readme));
  checkModule(binary, imports);
  return new WebAssembly.Module(binary);
}

/** The arguments after the entry's name in the README's command. */
function argumentsOf(readme) {
  const command = /^```sh\nnpx asc \S+ (.*?)^```$/ms.exec(readme)?.[1];
  if (command === undefined) throw new Error("README.md has no `npx asc` command");
  return command
    .replace(/\\\n/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
}

async function compile(testFile, folder, example, flags) {
  const directory = fileURLToPath(new URL("..", testFile));
  const { name } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const asc = await import(new URL("../node_modules/assemblyscript/dist/asc.js", testFile).href);
  // asc does not find a package by its own name from inside it.
  const source = example.replaceAll(`"${name}/assembly`, '"../../../assembly');
  writeFileSync(join(folder, "compiled.ts"), source);
  const entry = join(folder, "compiled.ts").slice(directory.length);
  let binary;
  const { error, stderr } = await asc.main([entry, "--baseDir", directory, ...flags], {
    writeFile: (file, contents) => {
      if (file.endsWith(".wasm")) binary = new Uint8Array(contents);
    },
  });
  const complaints = stderr.toString();
  if (error || complaints !== "") throw new Error(`asc: ${complaints || error.message}`);
  return binary;
}

/** Checks for errors that an editor would show in the example and in the package sources it imports. */
function checkTypes(testFile, folder, readme, example) {
  const typescript = createRequire(testFile)("typescript");
  writeFileSync(join(folder, "typed.ts"), example);
  const settings = {
    extends: "assemblyscript/std/assembly.json",
    compilerOptions: {
      strictPropertyInitialization: !readme.includes(`"strictPropertyInitialization": false`),
      // These two only let the package find itself by its name.
      module: "preserve",
      moduleResolution: "bundler",
      noEmit: true,
    },
    files: ["typed.ts"],
  };
  const parsed = typescript.parseJsonConfigFileContent(settings, typescript.sys, folder);
  const program = typescript.createProgram(parsed.fileNames, parsed.options);
  const found = [...parsed.errors, ...typescript.getPreEmitDiagnostics(program)];
  if (found.length === 0) return;
  const host = {
    getCanonicalFileName: (file) => file,
    getCurrentDirectory: () => folder,
    getNewLine: () => "\n",
  };
  throw new Error(`tsc: ${typescript.formatDiagnostics(found, host)}`);
}
