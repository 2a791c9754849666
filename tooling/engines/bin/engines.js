#!/usr/bin/env node
// Packs every published package, installs each alone into an empty project, and runs its README's
// examples.
//
//   npm run engines                  everywhere, and writes what it found to docs/engines.md
//   npm run engines -- --short       on the present Node, by `import` and `require`, in TypeScript, and
//                                    bundled by esbuild
//   npm run engines -- --only NAME   of one package; writes nothing
//   npm run engines -- --keep        keeps the projects, and says where they are
//
// Status 1 if something failed.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  bundledByEsbuild,
  bundledByVite,
  bundledForBrowsers,
  runOn,
  typeErrors,
} from "../src/checks.js";
import { installEngines, present } from "../src/engines.js";
import { packAll } from "../src/packages.js";
import { createProject } from "../src/project.js";
import { inParallel } from "../src/run.js";
import { page } from "../src/table.js";
import { installVite } from "../src/vite.js";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    short: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    only: { type: "string" },
  },
});

const folder = realpathSync(mkdtempSync(join(tmpdir(), "engines-")));
process.on("exit", () => {
  if (values.keep) process.stdout.write(`The projects are in ${folder}.\n`);
  else rmSync(folder, { recursive: true, force: true });
});

const packages = await packAll(join(folder, "tarballs"));
const chosen = packages.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) throw new Error(`There is no package '${values.only}'.`);

const engines = values.short ? [present] : await installEngines(join(folder, "engines"));
const vite = values.short ? undefined : await installVite(join(folder, "vite"));

const projects = await inParallel(chosen, (own) =>
  createProject(join(folder, own.name.replace("/", "-")), own, packages),
);

/** @type {import("../src/table.js").Finding[]} */
const findings = [];
let failed = 0;
function note(project, check, problem) {
  findings.push({ name: project.name, check, problem });
  if (problem === undefined) return;
  failed++;
  process.stdout.write(`${project.name}, ${check}: ${problem}\n\n`);
}

for (const resolution of /** @type {const} */ (["node16", "bundler"])) {
  const wrong = typeErrors(resolution, projects);
  for (const project of projects) note(project, `tsc, ${resolution}`, wrong.get(project.folder));
}
await inParallel(projects, async (project) => {
  for (const engine of engines) {
    note(project, `${engine.name}, import`, await runOn(engine, "esm/all.js", project));
    note(project, `${engine.name}, require`, await runOn(engine, "cjs/all.cjs", project));
  }
  note(project, "esbuild", await caught(() => bundledByEsbuild(project)));
  if (vite === undefined) return;
  note(project, vite.name, await caught(() => bundledByVite(vite, project)));
  note(project, `${vite.name}, browsers`, await caught(() => bundledForBrowsers(vite, project)));
});

if (!values.short && values.only === undefined) {
  writeFileSync(new URL("../../../docs/engines.md", import.meta.url), page(findings));
}
const checks = findings.length;
process.stdout.write(
  `${checks - failed} of ${checks} checks of ${projects.length} packages passed.\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

async function caught(check) {
  try {
    return await check();
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}
