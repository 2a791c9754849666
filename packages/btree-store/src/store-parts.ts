/*
 * The parts of an open store: they are taken one after another, and given back whatever fails. The lock is the first and
 * the last: nobody else may write between two of them.
 */
import { MassTreeBadHandleError, MassTreeClosedError } from "@masstree/errors";
import { Core, type Durability } from "./core.ts";
import { StoreCorruptError } from "./errors.ts";
import type { Identity } from "./meta.ts";
import { createFile, type Recovery, readMetas, takeState } from "./open-file.ts";
import type { Checked } from "./options.ts";
import { PageFile } from "./page-file.ts";
import { PageMemory } from "./page-memory.ts";
import { SharedStates } from "./shared-states.ts";
import { SpaceMap } from "./space.ts";
import type { StoreHandle } from "./store-handle.ts";
import type { Vfs, VfsFile, VfsLock } from "./vfs.ts";

/** What an open store has. */
export interface Parts {
  readonly core: Core;
  readonly lock: VfsLock;
  readonly recovery: Recovery | undefined;
  readonly readOnly: boolean;
  readonly durability: Durability;
  readonly timeout: number;
  /** Under what it is registered. */
  readonly key: string;
  /** Which opening of the file it is: all threads have the same. */
  readonly opening: string;
  readonly vfs: Vfs;
}

/**
 * Opens a file, and creates it if there is none.
 *
 * @param key under what the store is registered
 * @throws as `BTreeStore.open`
 */
export function openParts(vfs: Vfs, path: string, key: string, checked: Checked): Parts {
  const { readOnly, durability, timeout } = checked;
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
    memory = new PageMemory({ pageBytes, cacheBytes: checked.cacheBytes });
    const core = makeCore(file, memory, { pageBytes, identity }, readOnly);
    const taken = takeState(metas, core.file.size, memory, core.space);
    const { state, fallback, slot, nextCommit, recovery } = taken;
    core.states.begin(state, core.space.pendingRange, fallback?.commit, slot, nextCommit);
    const opening = crypto.randomUUID();
    return { core, lock, recovery, readOnly, durability, timeout, key, opening, vfs };
  } catch (error) {
    closeAll(memory, file, lock);
    throw error;
  }
}

/**
 * Opens a store that another thread has open.
 *
 * @throws as `BTreeStore.attach`
 */
export function attachParts(vfs: Vfs, key: string, handle: StoreHandle): Parts {
  const { path, lock: token, readOnly, durability, timeout, opening, recovery } = handle;
  let file: VfsFile | undefined;
  let memory: PageMemory | undefined;
  let lock: VfsLock | undefined;
  try {
    memory = new PageMemory(handle.memory);
    if (memory.open().exports.enterDoor() === 0) {
      throw new MassTreeClosedError(
        `All threads have closed '${path}'. Open it again by its path.`,
      );
    }
    lock = vfs.adoptLock!(path, token);
    file = vfs.open(path, readOnly ? "readOnly" : "readWrite");
    const [meta] = readMetas(file);
    if (meta === undefined || meta.pageBytes !== memory.pageBytes) {
      throw new MassTreeBadHandleError(`'${path}' is not the file that the handle is for.`);
    }
    const core = makeCore(file, memory, meta, readOnly);
    return { core, lock, recovery, readOnly, durability, timeout, key, opening, vfs };
  } catch (error) {
    closeAll(memory, file, leave(memory) ? lock : undefined);
    throw error;
  }
}

function makeCore(
  file: VfsFile,
  memory: PageMemory,
  { pageBytes, identity }: Identity,
  readOnly: boolean,
): Core {
  const states = new SharedStates(memory);
  const pageFile = new PageFile(file, pageBytes, readOnly, states);
  memory.file = pageFile;
  const space = new SpaceMap(memory, states.book);
  return new Core(pageFile, memory, states, space, { pageBytes, identity });
}

/** Gives the parts of an open store back, whatever fails; the lock only if no other thread has the store open. */
export function closeParts({ core, lock }: Parts): void {
  let isLast = false;
  try {
    isLast = leave(core.memory);
  } finally {
    closeAll(core.memory, core.file, isLast ? lock : undefined);
  }
}

/** Says that this thread closes the store, and returns whether it is the last one. */
function leave(memory: PageMemory | undefined): boolean {
  if (memory === undefined) return false;
  memory.participants(); // Recovers those that have ended: they do not count.
  return memory.open().exports.closeDoor() !== 0;
}

function closeAll(
  memory: PageMemory | undefined,
  file: { close(): void } | undefined,
  lock: VfsLock | undefined,
): void {
  try {
    memory?.close();
  } finally {
    try {
      file?.close();
    } finally {
      lock?.release();
    }
  }
}
