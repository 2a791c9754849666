// Finds the text files below a directory, and reads them once.
//
// A text file is a regular file of at most 64 MiB that has no NUL in its first 8 KiB and is UTF-8 as a
// whole, whatever its name is. Links are not followed: a package manager may link one package into many
// places. Of files that share their contents by hard links, each counts.
import { isUtf8 } from "node:buffer";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../failure.ts";

export interface FoundFile {
  /** Below the directory, with "/" between its parts. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** Files that are not indexed, by the reason. */
export interface LeftOut {
  binary: number;
  huge: number;
  unreadable: number;
}

export interface Found {
  /** In the order of their names. */
  readonly files: FoundFile[];
  readonly leftOut: LeftOut;
}

export const HUGE = 64 * 2 ** 20;
const LOOKED_AT = 8192;
/** Files read at once: enough to hide the latency of each, and far below any limit. */
const PARALLEL = 16;

/**
 * Lists the files of a directory that are text as far as their beginnings tell.
 *
 * @param progress called with the number of files found so far
 * @throws UsageError if the directory cannot be read
 */
export async function findTextFiles(
  directory: string,
  progress: (found: number) => void,
): Promise<Found> {
  const leftOut: LeftOut = { binary: 0, huge: 0, unreadable: 0 };
  const names = await namesBelow(directory, leftOut);
  const files: FoundFile[] = [];
  let looked = 0;
  await eachOf(names, async (name) => {
    const file = await lookAt(directory, name);
    if (typeof file === "string") leftOut[file]++;
    else files.push(file);
    progress(++looked);
  });
  return { files: files.sort(byName), leftOut };
}

/**
 * Reads files as a whole, so that the system has them in memory for all who read them later.
 *
 * @param progress called with the number of bytes read so far
 * @returns those that are UTF-8, in the same order
 */
export async function readOnce(
  files: readonly FoundFile[],
  leftOut: LeftOut,
  progress: (bytes: number) => void,
): Promise<FoundFile[]> {
  const isText = new Set<FoundFile>();
  let bytes = 0;
  await eachOf(files, async (file) => {
    const contents = await readable(readFile(file.path));
    if (contents === undefined) leftOut.unreadable++;
    else if (isUtf8(contents)) isText.add(file);
    else leftOut.binary++;
    bytes += file.size;
    progress(bytes);
  });
  return files.filter((file) => isText.has(file));
}

/** The first file that is no longer what it was when it was found, and what has become of it. */
export async function firstChanged(files: readonly FoundFile[]): Promise<string | undefined> {
  for (const { name, path, size, modified } of files) {
    const now = await readable(stat(path));
    if (now === undefined) return `'${name}' has disappeared`;
    if (now.size !== size || now.mtimeMs !== modified) return `'${name}' has changed`;
  }
  return undefined;
}

async function namesBelow(directory: string, leftOut: LeftOut): Promise<string[]> {
  const names: string[] = [];
  const waiting = [""];
  for (;;) {
    const below = waiting.pop();
    if (below === undefined) return names;
    const entries =
      below === ""
        ? await entriesOfTop(directory)
        : await readable(readdir(join(directory, below), { withFileTypes: true }));
    if (entries === undefined) leftOut.unreadable++;
    for (const entry of entries ?? []) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(name);
      else if (entry.isFile()) names.push(name);
    }
  }
}

async function entriesOfTop(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`there is no directory '${directory}'`);
    if (code === "ENOTDIR") throw new UsageError(`'${directory}' is not a directory`);
    throw new UsageError(`cannot read '${directory}': ${message}`);
  }
}

async function lookAt(directory: string, name: string): Promise<FoundFile | keyof LeftOut> {
  const path = join(directory, name);
  const handle = await readable(open(path));
  if (handle === undefined) return "unreadable";
  try {
    const { size, mtimeMs } = await handle.stat();
    if (size > HUGE) return "huge";
    const beginning = await readable(handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0));
    if (beginning === undefined) return "unreadable";
    const { buffer, bytesRead } = beginning;
    if (buffer.subarray(0, bytesRead).includes(0)) return "binary";
    return { name, path, size, modified: mtimeMs };
  } finally {
    await handle.close();
  }
}

/** What could be read, or undefined if the system refused: say, because it is no longer there. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).errno !== undefined) return undefined;
    throw error;
  }
}

async function eachOf<T>(items: readonly T[], use: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length) await use(items[next++]!);
  };
  await Promise.all(Array.from({ length: PARALLEL }, run));
}

const byName = (a: FoundFile, b: FoundFile): number => (a.name < b.name ? -1 : 1);
