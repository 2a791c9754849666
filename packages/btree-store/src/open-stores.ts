// The stores that this thread has open, by Vfs and file: opening a file again gives the same one.
import { nodeVfs } from "./node-vfs.ts";
import type { ThreadStore } from "./thread-store.ts";
import type { Vfs } from "./vfs.ts";

/** A store that is open in this thread. */
export interface OpenStore<T> {
  readonly shared: ThreadStore;
  /** What `open` has returned. */
  object: T;
}

let defaultVfs: Vfs | undefined;

/** The Vfs that was asked for, or that of the platform. @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) */
export function vfsOf(vfs: Vfs | undefined): Vfs {
  if (vfs !== undefined) return vfs;
  defaultVfs ??= nodeVfs();
  return defaultVfs;
}

export class OpenStores<T> {
  readonly #stores = new WeakMap<Vfs, Map<string, OpenStore<T>>>();

  get(vfs: Vfs, key: string): OpenStore<T> | undefined {
    return this.#stores.get(vfs)?.get(key);
  }

  add(shared: ThreadStore, object: T): void {
    const { vfs, key } = shared.parts;
    const stores = this.#stores.get(vfs) ?? new Map<string, OpenStore<T>>();
    this.#stores.set(vfs, stores);
    stores.set(key, { shared, object });
  }

  /** Forgets a store that was closed, unless the file was opened anew since. */
  remove(shared: ThreadStore): void {
    const { vfs, key } = shared.parts;
    if (this.get(vfs, key)?.shared === shared) this.#stores.get(vfs)?.delete(key);
  }
}
