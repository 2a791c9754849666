/*
 * Opening a file: docs/design.md, 'Opening'. Nothing is written to a file that has contents.
 */
import { StoreCorruptError } from "./errors.ts";
import { BRANCH, LEAF } from "./generated/store-exports.ts";
import {
  decodeRecord,
  emptyState,
  encodeMeta,
  type Identity,
  type Meta,
  PAGE_SIZES,
  RECORD_BYTES,
  recordPositions,
  type State,
} from "./meta.ts";
import { type PageMemory, readHeader } from "./page-memory.ts";
import type { SpaceMap } from "./space.ts";
import type { VfsFile } from "./vfs.ts";

/** Up to this length, a file of zeros is a store whose creation did not finish. */
const LONGEST_UNFINISHED = 2 * 65536;

/** What a file holds, and which of its meta pages may be written next. */
export interface Opened {
  readonly state: State;
  /** The state of the other meta page, if it is complete. */
  readonly fallback: State | undefined;
  /** The meta page that `state` is in. */
  readonly slot: number;
  /** The number of the next commit, greater than any in the file. */
  readonly nextCommit: number;
}

/** That the newest state could not be used: what is said of it in `stats`. */
export interface Recovery {
  /** The commit of the state that is damaged: all commits after the present state, up to this one, are lost. */
  readonly lostCommit: number;
  /** What is wrong with it. */
  readonly reason: string;
}

/**
 * Reads the meta pages.
 *
 * @returns the valid ones, the newest first; none for a file that may become a store
 * @throws StoreCorruptError (`STORE_CORRUPT`) if the file is something else
 */
export function readMetas(file: VfsFile): Meta[] {
  const size = file.size();
  const found: Meta[] = [];
  let version: number | undefined;
  const record = new Uint8Array(RECORD_BYTES);
  for (const pageBytes of PAGE_SIZES) {
    for (const slot of [0, 1]) {
      for (const position of recordPositions(pageBytes, slot)) {
        if (!readFully(file, record, position)) continue;
        const meta = decodeRecord(record, pageBytes, slot);
        if (typeof meta === "number") version = meta;
        else if (meta !== undefined) found.push(meta);
      }
    }
  }
  if (found.length > 0) return newestOfEach(found);
  if (version !== undefined) {
    throw new StoreCorruptError(
      `The file has version ${version} of the format, and this version of the package reads version 1.`,
    );
  }
  if (size <= LONGEST_UNFINISHED && isZero(file, size)) return [];
  throw new StoreCorruptError(
    "The file is not a store: neither of its meta pages is valid. It was left as it is.",
  );
}

/** The newest record of each meta page of the file, the newest first. */
function newestOfEach(found: Meta[]): Meta[] {
  found.sort((a, b) => b.state.commit - a.state.commit);
  const first = found[0]!;
  const other = found.find(
    ({ slot, pageBytes, identity }) =>
      slot !== first.slot &&
      pageBytes === first.pageBytes &&
      identity.every((byte, i) => byte === first.identity[i]),
  );
  return other === undefined ? [first] : [first, other];
}

function readFully(file: VfsFile, target: Uint8Array, position: number): boolean {
  let done = 0;
  while (done < target.length) {
    const count = file.read(target.subarray(done), position + done);
    if (count <= 0) return false;
    done += count;
  }
  return true;
}

function isZero(file: VfsFile, size: number): boolean {
  const bytes = new Uint8Array(size);
  return size === 0 || (readFully(file, bytes, 0) && bytes.every((byte) => byte === 0));
}

/** Writes the meta page of an empty store to an empty file, and returns it. */
export function createFile(file: VfsFile, pageBytes: number): Meta {
  const identity = crypto.getRandomValues(new Uint8Array(8));
  const common: Identity = { pageBytes, identity };
  const pages = new Uint8Array(2 * pageBytes);
  pages.set(encodeMeta(common, emptyState));
  let done = 0;
  while (done < pages.length) done += file.write(pages.subarray(done), done);
  file.sync();
  return { ...common, state: emptyState, slot: 0 };
}

/**
 * Takes the newest state that is complete, and reads its space map.
 *
 * @param metas the valid meta pages, the newest first
 * @throws StoreCorruptError (`STORE_CORRUPT`) if none is
 */
export function takeState(
  metas: readonly Meta[],
  fileBytes: number,
  memory: PageMemory,
  space: SpaceMap,
): Opened & { readonly recovery: Recovery | undefined } {
  const newest = metas[0]!;
  const nextCommit = newest.state.commit + 1;
  let failure: unknown;
  for (const meta of metas) {
    const { state, slot } = meta;
    try {
      verifyState(state, fileBytes, memory);
      space.load(state, undefined);
    } catch (error) {
      if (!(error instanceof StoreCorruptError)) throw error;
      failure ??= error;
      continue;
    }
    const older = meta === newest ? metas[1]?.state : undefined;
    const fallback = older !== undefined && isComplete(older, state, fileBytes, memory, space);
    const recovery =
      meta === newest
        ? undefined
        : { lostCommit: newest.state.commit, reason: (failure as Error).message };
    return { state, slot, nextCommit, fallback: fallback ? older : undefined, recovery };
  }
  throw failure;
}

/** Whether the older state is complete too. Then its pages are kept. */
function isComplete(
  older: State,
  state: State,
  fileBytes: number,
  memory: PageMemory,
  space: SpaceMap,
): boolean {
  try {
    verifyState(older, fileBytes, memory);
    space.load(state, older);
    return true;
  } catch (error) {
    if (error instanceof StoreCorruptError) return false;
    throw error;
  }
}

function verifyState(state: State, fileBytes: number, memory: PageMemory): void {
  const { pages, catalog, commit } = state;
  if (pages < 2 || pages * memory.pageBytes > fileBytes) {
    throw new StoreCorruptError(
      `The file is too short: it has ${fileBytes} bytes, and its newest state has ${pages} pages of ${memory.pageBytes}.`,
    );
  }
  if (catalog === 0) return;
  if (catalog < 2 || catalog >= pages)
    throw new StoreCorruptError("The catalog's root is no page.");
  const { kind } = readHeader(memory.readToStage(catalog, 1, commit), 0);
  if (kind !== LEAF && kind !== BRANCH) {
    throw new StoreCorruptError("The catalog's root is a page of another kind.", catalog);
  }
}
