// Where the targets come from: the catalogs of the workspace that the program runs in, and those that it
// is told of.
//
// A catalog is a TypeScript module that exports `targets`. Node 20 cannot load one, so jiti does, here and in
// the worker threads. It needs no build and no hooks of the whole process, keeps the lines of stack traces, and
// leaves JavaScript to Node: so there is one engine, whoever imports it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { createJiti } from "jiti";
import * as engine from "../catalog.ts";
import { packageDirectory } from "../flags.ts";
import type { EquivalentMutant } from "../mutants/generator/equivalents.ts";
import type { Target } from "../target.ts";

/** The folders of a workspace whose packages may have a catalog. */
const folders = ["packages", "examples"];
/** Where it is in the package. */
const place = join("test", "explorer", "catalog.ts");

/** A target and where it is from. */
export interface Listed {
  readonly target: Target;
  /** The name of its package. */
  readonly owner: string;
  /** The path of its catalog. */
  readonly catalog: string;
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const jiti = createJiti(import.meta.url, {
  fsCache: join(packageDirectory, "node_modules", ".cache", "jiti"),
  // For catalogs outside of the workspace as well.
  virtualModules: { "@tooling/interleave/catalog": engine },
});

/** The targets of one catalog. */
export async function loadTargets(catalog: string): Promise<readonly Target[]> {
  const { targets } = await jiti.import<{ targets?: readonly Target[] }>(catalog);
  if (!Array.isArray(targets)) {
    throw new Error(`${catalog} is no catalog: it has to export an array, 'targets'`);
  }
  return targets;
}

/** The generated mutants that a catalog knows to be equivalent. */
export async function loadEquivalents(catalog: string): Promise<readonly EquivalentMutant[]> {
  const { equivalentMutants = [] } = await jiti.import<{
    equivalentMutants?: readonly EquivalentMutant[];
  }>(catalog);
  return equivalentMutants;
}

/**
 * All targets of the workspace around `directory`, and those of other catalogs. A package's come after those
 * of the packages that it depends on: a fault down there explains others above.
 */
export async function findTargets(
  directory: string,
  others: readonly string[],
): Promise<readonly Listed[]> {
  const given = others.map((path) => resolve(directory, path));
  const missing = given.find((path) => !existsSync(path));
  if (missing !== undefined) throw new Error(`there is no catalog '${missing}'`);
  const found = new Map<string, Listed>();
  for (const catalog of new Set([...inOrder(catalogsAround(directory)), ...given])) {
    const { name: owner = relative(directory, catalog) } = manifestOf(catalog);
    for (const target of await loadTargets(catalog)) {
      const other = found.get(target.name);
      if (other !== undefined) {
        const files = [other.catalog, catalog].map((path) => relative(directory, path));
        throw new Error(
          `two targets are called '${target.name}': rename one in ${files.join(" or ")}`,
        );
      }
      found.set(target.name, { target, owner, catalog });
    }
  }
  if (found.size > 0) return [...found.values()];
  const places = folders.map((folder) => join(folder, "*", place)).join(" and ");
  throw new Error(
    `there is no target: the workspace has none in ${places}; --catalog names others`,
  );
}

/** The target of that name. Throws when there is none. */
export function targetNamed(name: string, all: readonly Listed[]): Listed {
  const found = all.find(({ target }) => target.name === name);
  if (found !== undefined) return found;
  const lines = [...new Set(all.map(({ owner }) => owner))].map((owner) => {
    const names = all.filter((listed) => listed.owner === owner).map(({ target }) => target.name);
    return `  ${names.join(", ")} of ${owner}`;
  });
  throw new Error(`there is no target '${name}'. Targets:\n${lines.join("\n")}`);
}

/** The catalogs of the workspace that `directory` is in; none when it is in none. */
function catalogsAround(directory: string): string[] {
  const root = workspaceAround(directory);
  if (root === undefined) return [];
  return folders
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, place)))
    .filter((path) => existsSync(path));
}

/** Each after those of the packages that its own depends on, and else by name. */
function inOrder(catalogs: readonly string[]): Set<string> {
  const manifests = [...catalogs].sort().map((path) => ({ path, ...manifestOf(path) }));
  const ordered = new Set<string>();
  const add = ({ path, dependencies = {} }: (typeof manifests)[number]): void => {
    if (ordered.has(path)) return;
    for (const other of manifests) {
      if (other.name !== undefined && other.name in dependencies) add(other);
    }
    ordered.add(path);
  };
  for (const manifest of manifests) add(manifest);
  return ordered;
}

function manifestOf(catalog: string): Manifest {
  const directory = upwards(dirname(catalog), "package.json");
  if (directory === undefined) return {};
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

/** The workspace that a directory is in; undefined when it is in none. */
export function workspaceAround(directory: string): string | undefined {
  return upwards(directory, "pnpm-workspace.yaml");
}

/** The nearest directory with such a file, from `directory` to the root. */
function upwards(directory: string, file: string): string | undefined {
  if (existsSync(join(directory, file))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : upwards(parent, file);
}
