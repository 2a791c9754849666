/*
 * The parts of an open store: they are taken one after another, and given back whatever fails. The lock is the first and
 * the last: nobody else may write between two of them.
 */
import { Core, type Durability } from "./core.ts";
import { StoreCorruptError } from "./errors.ts";
import { createFile, type Recovery, readMetas, takeState } from "./open-file.ts";
import type { Checked } from "./options.ts";
import { PageFile } from "./page-file.ts";
import { PageMemory } from "./page-memory.ts";
import { SpaceMap } from "./space.ts";
import type { Vfs, VfsFile, VfsLock } from "./vfs.ts";

/** What an open store has. */
export interface Parts {
  readonly core: Core;
  readonly lock: VfsLock;
  readonly recovery: Recovery | undefined;
  readonly readOnly: boolean;
  readonly durability: Durability;
  /** Under what it is registered. */
  readonly key: string;
  readonly vfs: Vfs;
}

/**
 * Opens a file, and creates it if there is none.
 *
 * @param key under what the store is registered
 * @throws as `BTreeStore.open`
 */
export function openParts(vfs: Vfs, path: string, key: string, checked: Checked): Parts {
  const { readOnly, durability } = checked;
  const mode = readOnly ? "readOnly" : "readWrite";
  const lock = vfs.lock(path, mode);
  let file: VfsFile | undefined;
  let memory: PageMemory | undefined;
  try {
    file = vfs.open(path, mode);
    let metas = readMetas(file);
    if (metas.length === 0) {
      if (readOnly)
        throw new StoreCorruptError("The file is empty, and cannot be created read-only.");
      metas = [createFile(file, checked.pageBytes)];
    }
    const { pageBytes, identity } = metas[0]!;
    const pageFile = new PageFile(file, pageBytes);
    memory = new PageMemory(pageFile, checked.cacheBytes);
    const space = new SpaceMap(memory);
    const { recovery, ...opened } = takeState(metas, pageFile.size, memory, space);
    const core = new Core(pageFile, memory, space, { pageBytes, identity }, opened);
    return { core, lock, recovery, readOnly, durability, key, vfs };
  } catch (error) {
    closeAll(memory, file, lock);
    throw error;
  }
}

/** Gives the parts of an open store back, whatever fails. */
export function closeParts({ core, lock }: Parts): void {
  closeAll(core.memory, core.file, lock);
}

function closeAll(
  memory: PageMemory | undefined,
  file: { close(): void } | undefined,
  lock: VfsLock,
): void {
  try {
    memory?.close();
  } finally {
    try {
      file?.close();
    } finally {
      lock.release();
    }
  }
}
