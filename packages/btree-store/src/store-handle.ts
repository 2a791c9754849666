import { MassTreeBadHandleError, MassTreeUnsupportedError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { readHeader } from "@masstree/memory";
import { type Handle, readHandle } from "@masstree/session";
import type { Durability } from "./core.ts";
import { STORE_LAYOUT } from "./generated/store-exports.ts";
import type { Recovery } from "./open-file.ts";

/**
 * What another thread of this process passes to `BTreeStore.attach`: `postMessage` and `workerData` accept it. It keeps the
 * memory alive. While it is kept, a store whose threads have all been terminated can be attached to.
 */
export interface StoreHandle extends Handle {
  /** The path of the file. */
  readonly path: string;
  /** Which opening of the file this is. */
  readonly opening: string;
  /** The token of the lock that keeps other processes out. */
  readonly lock: string;
  readonly readOnly: boolean;
  readonly durability: Durability;
  readonly timeout: number;
  readonly recovery: Recovery | undefined;
}

const names = ["path", "opening", "lock", "readOnly", "durability", "timeout", "recovery"] as const;
const className = "BTreeStore";
const layout = String(STORE_LAYOUT);

/** @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if the Vfs is for one thread */
export function makeHandle(
  members: Omit<StoreHandle, "masstree" | "layout" | "lock"> & {
    readonly lock: string | undefined;
  },
): StoreHandle {
  const { lock } = members;
  if (lock === undefined) {
    throw new MassTreeUnsupportedError(
      "The store's Vfs is for one thread: it has no 'adoptLock', or its locks have no 'token'.",
    );
  }
  return Object.freeze({ masstree: className, layout, ...members, lock });
}

/**
 * Checks a handle, but not what its memory holds.
 *
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`)
 */
export function readStoreHandle(
  handle: unknown,
  isStore: (object: object) => boolean,
): StoreHandle {
  const members = readHandle(handle, className, "store", names, isStore);
  if (members.layout !== layout) {
    throw new MassTreeBadHandleError(
      `The handle has layout ${describe(members.layout)}, but this thread's ${className} has layout "${layout}". Use the same version in all threads.`,
    );
  }
  const { path, opening, lock, readOnly, durability, timeout, recovery } = members;
  const isWhole =
    [path, opening, lock].every((text) => typeof text === "string" && text !== "") &&
    typeof readOnly === "boolean" &&
    (durability === "sync" || durability === "batch" || durability === "none") &&
    typeof timeout === "number" &&
    timeout >= 0 &&
    (recovery === undefined || (typeof recovery === "object" && recovery !== null));
  if (!isWhole) throw new MassTreeBadHandleError("The handle of a store is incomplete.");
  readHeader(members.memory); // Throws unless it is a region.
  return members as unknown as StoreHandle;
}
