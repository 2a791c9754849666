// Reads the paths of all installed files as keys: long, real, and with deep shared prefixes.
//
// A package manager that links packages into place, such as pnpm, gives a file many paths. Paths through
// one link count, because a program that resolves modules sees them. Paths through two links do not, so
// that the walk never runs in a cycle.
import { readdir, stat } from "node:fs/promises";
import { UsageError } from "../failure.ts";
import type { KeyBuilder } from "./builder.ts";

/** Directories read at once: enough to hide the latency of each, and far below any limit. */
const PARALLEL = 16;

/** Workspace folders whose packages have their own node_modules. */
const WORKSPACE = ["apps", "packages", "tooling"];

interface Directory {
  readonly path: string;
  /** Whether the path goes through a link. */
  readonly linked: boolean;
}

/**
 * Adds the path of every file below every `node_modules` of a repository, relative to `root`, with "/"
 * between its parts.
 *
 * @param progress called with the number of files found so far
 * @throws UsageError if there are no files, or a directory cannot be read
 */
export async function readInstalledPaths(
  root: string,
  builder: KeyBuilder,
  progress: (found: number) => void,
): Promise<void> {
  const waiting: Directory[] = [{ path: "node_modules", linked: false }];
  for (const folder of WORKSPACE) {
    for (const { name } of await entriesOf(`${root}/${folder}`)) {
      waiting.push({ path: `${folder}/${name}/node_modules`, linked: false });
    }
  }
  let reading = 0;
  const walk = async (): Promise<void> => {
    for (;;) {
      const directory = waiting.pop();
      if (directory !== undefined) {
        reading++;
        await readOne(root, directory, waiting, builder);
        reading--;
        progress(builder.count);
      } else if (reading > 0) {
        // Another walker may be about to find more directories.
        await new Promise((resolve) => setImmediate(resolve));
      } else {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, walk));
  if (builder.count === 0) {
    throw new UsageError(
      `there are no files under '${root}/node_modules': install first, or give a file with --keys`,
    );
  }
}

async function readOne(
  root: string,
  { path, linked }: Directory,
  waiting: Directory[],
  builder: KeyBuilder,
): Promise<void> {
  for (const entry of await entriesOf(`${root}/${path}`)) {
    const below = `${path}/${entry.name}`;
    if (entry.isFile()) builder.addText(below);
    else if (entry.isDirectory()) waiting.push({ path: below, linked });
    else if (entry.isSymbolicLink() && !linked && (await leadsToDirectory(`${root}/${below}`))) {
      waiting.push({ path: below, linked: true });
    }
  }
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Tools create and delete folders under node_modules, and not every package has a node_modules.
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw new UsageError(`cannot read '${directory}': ${message}`);
  }
}

async function leadsToDirectory(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    // A dangling link.
    return false;
  }
}
