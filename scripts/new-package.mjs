// Creates packages/NAME with the settings of packages/permuter, which is the model for new packages.
//
//   pnpm new:package NAME [--no-assembly]
//
// With --no-assembly, the package has no assembly/ folder and does not build any WebAssembly.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: { "no-assembly": { type: "boolean", default: false } },
  allowPositionals: true,
});
const [name] = positionals;
if (positionals.length !== 1 || !/^[a-z][a-z0-9-]*$/.test(name)) {
  fail("usage: pnpm new:package NAME [--no-assembly]. NAME is in lower case and has no scope.");
}

const packages = fileURLToPath(new URL("../packages/", import.meta.url));
const exemplar = join(packages, "permuter");
const target = join(packages, name);
if (existsSync(join(target, "package.json"))) {
  fail(`packages/${name} already exists. Choose another name, or remove it first.`);
}

const withAssembly = !values["no-assembly"];
const manifest = JSON.parse(readFileSync(join(exemplar, "package.json"), "utf8"));
const fullName = `@masstree/${name}`;
// JSON.stringify leaves out undefined members.
const fields = {
  ...manifest,
  name: fullName,
  version: "0.0.0",
  description: "",
  keywords: ["masstree"],
  dependencies: undefined,
};
if (!withAssembly) {
  fields.exports = { ...fields.exports, "./assembly": undefined };
  fields.files = fields.files.filter((pattern) => !pattern.includes("assembly"));
  fields.scripts = { ...fields.scripts, "build:wasm": undefined, typecheck: "tsc" };
  fields.devDependencies = {
    ...fields.devDependencies,
    "@tooling/assemblyscript": undefined,
    assemblyscript: undefined,
  };
}

mkdirSync(join(target, "src"), { recursive: true });
mkdirSync(join(target, "test"), { recursive: true });
write("package.json", `${JSON.stringify(fields, null, 2)}\n`);
for (const file of ["tsconfig.json", "tsup.config.ts", "vitest.config.ts"]) copy(file);
write("README.md", `# ${fullName}\n`);
write("src/index.ts", "export {};\n");
if (withAssembly) {
  mkdirSync(join(target, "assembly"), { recursive: true });
  copy("assembly/tsconfig.json");
  write("assembly/index.ts", "export {};\n");
  write(
    "wasm.config.mjs",
    `/** @type {import("@tooling/assemblyscript").WasmEntry[]} */
export default [{ name: "${name}", entry: "assembly/index.ts", embed: true }];
`,
  );
}
process.stdout.write(
  `Created packages/${name}. Describe it in package.json and README.md, write src/index.ts and ` +
    "a test, then run 'pnpm install', 'pnpm format' and 'npm run api'.\n",
);

/** Writes a file unless it exists: the sources may be older than the settings. */
function write(path, content) {
  if (!existsSync(join(target, path))) writeFileSync(join(target, path), content);
}

function copy(path) {
  if (!existsSync(join(target, path))) cpSync(join(exemplar, path), join(target, path));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
