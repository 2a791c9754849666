// What is checked of each project. A check returns what went wrong, or undefined.
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import typescript from "typescript";
import { present } from "./engines.js";
import { writeAll } from "./project.js";
import { problemOf } from "./run.js";

/** Runs the programs on an engine. They write files, so each time in a new folder. */
export function runOn({ command, args }, program, { folder }) {
  const cwd = mkdtempSync(join(folder, "run-"));
  return problemOf(command, [...args, join(folder, program)], cwd);
}

const typeRoots = [fileURLToPath(new URL("../node_modules/@types", import.meta.url))];
const { ModuleKind, ModuleResolutionKind, ScriptTarget } = typescript;
const resolutions = {
  node16: { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
};

/**
 * Checks the types of the programs of all projects, and of the declarations that they lead to.
 *
 * @param {"node16" | "bundler"} resolution
 * @returns {Map<string, string>} what is wrong, by the folder of the project
 */
export function typeErrors(resolution, projects) {
  const files = projects.flatMap(({ folder }) =>
    readdirSync(join(folder, "ts"))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, "ts", name)),
  );
  const program = typescript.createProgram(files, {
    ...resolutions[resolution],
    target: ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    strict: true,
    noUncheckedIndexedAccess: true,
    moduleDetection: typescript.ModuleDetectionKind.Force,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
    typeRoots,
  });
  const wrong = new Map();
  for (const { file, code, messageText, start } of typescript.getPreEmitDiagnostics(program)) {
    const text = `TS${code}: ${typescript.flattenDiagnosticMessageText(messageText, "\n")}`;
    const owner = projects.find(({ folder }) => file?.fileName.startsWith(folder + sep));
    if (file === undefined) throw new Error(text);
    // Declarations of other projects are not ours to mend.
    if (owner === undefined) continue;
    const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    const place = `${file.fileName.slice(owner.folder.length + 1)}:${line}`;
    const before = wrong.get(owner.folder);
    wrong.set(owner.folder, `${before === undefined ? "" : `${before}\n`}${place}: ${text}`);
  }
  return wrong;
}

/** Bundles the programs by esbuild, for Node, and runs them. */
export async function bundledByEsbuild(project) {
  const outdir = join(project.folder, "esbuild");
  const { warnings } = await esbuild({
    entryPoints: project.files.map((file) => join(project.folder, "esm", file)),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    outdir,
    logLevel: "silent",
  });
  if (warnings.length > 0) return warnings.map(({ text }) => text).join("\n");
  return runBundle(project, "esbuild");
}

/** Bundles the programs by Vite, for Node, and runs them. */
export async function bundledByVite(vite, project) {
  const input = Object.fromEntries(
    project.files.map((file) => [file.slice(0, -3), join(project.folder, "esm", file)]),
  );
  const { logger, warnings } = collectingLogger();
  await vite.build({
    root: project.folder,
    configFile: false,
    customLogger: logger,
    logLevel: "warn",
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: "node20",
      minify: true,
      outDir: "vite",
      rollupOptions: { input, output: { entryFileNames: "[name].js" } },
    },
  });
  if (warnings.length > 0) return warnings.join("\n");
  return runBundle(project, "vite");
}

/** Bundles all that a package exports by Vite, for browsers. Nothing of Node may be left in it. */
export async function bundledForBrowsers(vite, project) {
  const { logger, warnings } = collectingLogger();
  await vite.build({
    root: project.folder,
    configFile: false,
    customLogger: logger,
    logLevel: "warn",
    build: {
      target: "es2022",
      minify: true,
      outDir: "browser",
      lib: {
        entry: join(project.folder, "esm", "imports.js"),
        formats: ["es"],
        fileName: "imports",
      },
    },
  });
  return warnings.length > 0 ? warnings.join("\n") : undefined;
}

function runBundle(project, name) {
  const folder = join(project.folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeAll(folder, project.run);
  return runOn(present, join(name, "all.js"), project);
}

function collectingLogger() {
  /** @type {string[]} */
  const warnings = [];
  const warn = (text) => void warnings.push(text);
  const logger = {
    hasWarned: false,
    info() {},
    warn,
    warnOnce: warn,
    error: warn,
    clearScreen() {},
    hasErrorLogged: () => false,
  };
  return { logger, warnings };
}
