/**
 * `@masstree/btree-store/opfs`: stores in the private file system of a site (OPFS), in workers of browsers.
 */
import { browserPlatform } from "./opfs-platform.ts";
import { type OpfsFile, type OpfsOptions, type OpfsVfs, prepared } from "./opfs-vfs.ts";

export type { OpfsFile, OpfsOptions, OpfsVfs } from "./opfs-vfs.ts";

/**
 * Prepares files in OPFS, and resolves to the Vfs with which stores open them.
 *
 * It works in dedicated workers of pages that are cross-origin isolated. Other tabs, and threads that do not attach, are kept
 * out by Web Locks, which the browser frees when a thread ends.
 *
 * Where access handles have the mode `"readwrite-unsafe"`, several workers can have one store open: each prepares the
 * handle that it gets, and attaches. Elsewhere `handle` of the store throws.
 *
 * @param files what is to be opened: a path such as `"app/data.db"`, the handle of a store that another thread has open, or
 *   several of them. For `backup`, the path of the copy as well, or `prepare` it later
 * @param options see {@link OpfsOptions}
 * @throws as a rejection: MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) where there is no OPFS, no Web Locks, or not in
 *   this kind of thread; as `OpfsVfs.prepare`. Then nothing stays prepared
 *
 * @example
 * ```ts ignore
 * const vfs = await opfsVfs("data.db");
 * using store = BTreeStore.open("data.db", { vfs });
 *
 * // in another worker, which got `store.handle`
 * using store = BTreeStore.attach(handle, { vfs: await opfsVfs(handle) });
 * ```
 */
export async function opfsVfs(
  files: OpfsFile | readonly OpfsFile[],
  options: OpfsOptions = {},
): Promise<OpfsVfs> {
  return await prepared(browserPlatform(), files, options);
}
