// An empty project with one package and what it needs, and the programs of the package's README in it.
//
//   node_modules/   what npm installs from the tarballs
//   esm/            the programs as ES modules; all.js runs them in turn
//   cjs/            the same with `require`; all.cjs runs them
//   ts/             those that are TypeScript, as they are in the README
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocks, toProgram } from "@tooling/vitest/readme-blocks";
import typescript from "typescript";
import { npm } from "./run.js";

/** What the README of a package tells its readers to install besides. */
const besides = { masstree: ["msgpackr"], "@masstree/tree": ["fast-check"] };

/** The examples of these READMEs need a module that the reader has compiled. */
const withoutPrograms = new Set(["@masstree/session"]);

/**
 * @param {string} folder
 * @param {import("./packages.js").Package} own
 * @param {readonly import("./packages.js").Package[]} all
 */
export async function createProject(folder, own, all) {
  const tarballs = new Map(all.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const needed = own.needed.map((name) => [name, tarballs.get(name)]);
  const manifest = {
    private: true,
    dependencies: { [own.name]: tarballs.get(own.name) },
    // Nothing is published yet, so what the package needs comes from the tarballs as well.
    overrides: Object.fromEntries(needed),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  await npm(["install", ...(besides[own.name] ?? [])], folder);
  return { folder, name: own.name, ...writePrograms(folder, own) };
}

/** @returns the names of all files, and of those that are run */
function writePrograms(folder, { name, entries }) {
  const readme = readFileSync(join(folder, "node_modules", name, "README.md"), "utf8");
  const found = withoutPrograms.has(name) ? [] : blocks(readme);
  const importAll = entries.map((entry, i) => `import * as entry${i} from "${entry}";\n`).join("");
  const useAll = `export default [${entries.map((_, i) => `entry${i}`).join(", ")}];\n`;
  const programs = [
    // Without an assertion, which browsers do not have.
    {
      file: "imports.js",
      isRun: true,
      language: "ts",
      code: importAll + useAll,
      esm: importAll + useAll,
    },
    ...found.map((block) => ({
      ...block,
      esm: toProgram(block.language, "", block.code, typescript),
    })),
  ];

  for (const kind of ["esm", "cjs", "ts"]) mkdirSync(join(folder, kind));
  writeFileSync(join(folder, "esm", "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "ts", "package.json"), '{ "type": "module" }\n');
  for (const { file, language, code, esm } of programs) {
    writeFileSync(join(folder, "esm", file), esm);
    writeFileSync(join(folder, "cjs", file.replace(/js$/, "cjs")), toCommonJs(esm));
    if (language === "ts") writeFileSync(join(folder, "ts", file.replace(/js$/, "ts")), code);
  }
  const run = programs.filter(({ isRun }) => isRun).map(({ file }) => file);
  writeAll(join(folder, "esm"), run);
  const required = run.map((file) => `await require("./${file.replace(/js$/, "cjs")}");\n`);
  writeFileSync(join(folder, "cjs", "all.cjs"), inAsyncFunction(required.join("")));
  return { files: programs.map(({ file }) => file), run };
}

/** Writes the program that runs others in turn. */
export function writeAll(folder, files) {
  const imports = files.map((file) => `await import("./${file}");\n`);
  writeFileSync(join(folder, "all.js"), imports.join(""));
}

/** A program for CommonJS, made of one for ES modules. What it exports is a promise of its end. */
export function toCommonJs(esm) {
  const required = esm
    .replaceAll(/^import \* as (\w+) from ("[^"]+");.*$/gm, "const $1 = require($2);")
    .replaceAll(/^import (\w+) from ("[^"]+");.*$/gm, (_, name, from) =>
      from.startsWith('"node:')
        ? `const ${name} = require(${from});`
        : `const { default: ${name} } = require(${from});`,
    )
    .replaceAll(
      /^import \{([^}]*)\} from ("[^"]+");.*$/gm,
      (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = require(${from});`,
    )
    .replaceAll(/^import ("[^"]+");.*$/gm, "require($1);")
    .replaceAll("import.meta.url", 'require("node:url").pathToFileURL(__filename)')
    .replaceAll(/"\.\/([\w-]+)\.js"/g, '"./$1.cjs"')
    .replaceAll(/^export (default [^;]*|\{\});$/gm, "");
  return `module.exports = ${inAsyncFunction(required)}`;
}

function inAsyncFunction(code) {
  return `(async () => {\n${code}})();\n`;
}
