// Stores in threads of a fake site: what the tests of OPFS have in common.
import { expect } from "vitest";
import { BTreeStore, type StoreHandle } from "../../src/index.ts";
import { type OpfsOptions, type OpfsVfs, prepared } from "../../src/opfs-vfs.ts";
import type { FakeThread } from "./fake-opfs.ts";

export const withCode = (code: string): unknown => expect.objectContaining({ code });
export const sleep = (milliseconds: number): Promise<void> =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
/** The browser frees a lock a moment after it was given up. */
export const settled = (): Promise<void> => sleep(5);

/** Opens a store in a thread of its own. */
export async function openIn(
  thread: FakeThread,
  { path = "data.db", ...options }: OpfsOptions & { path?: string } = {},
): Promise<{ store: BTreeStore; vfs: OpfsVfs }> {
  const vfs = await prepared(thread, path, { timeout: 0, ...options });
  return { store: BTreeStore.open(path, { vfs, readOnly: options.readOnly }), vfs };
}

export async function attachIn(thread: FakeThread, handle: StoreHandle): Promise<BTreeStore> {
  return BTreeStore.attach(handle, { vfs: await prepared(thread, handle, { timeout: 0 }) });
}

export const set = (store: BTreeStore, value: unknown): unknown =>
  store.write("a", (txn) => txn.set("k", value));
export const get = (store: BTreeStore): unknown => store.read("a", (txn) => txn.get("k"));
