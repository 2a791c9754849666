// A map in memory in front of a store on the disk: reads never leave memory, and writes are in both.
import { BTreeStore, bucket } from "@masstree/btree-store";
import { MassTree } from "masstree";

/** @typedef {{ title: string, visits: number }} Page */

/** @type {import("@masstree/btree-store").Bucket<Page>} */
const pages = bucket("pages");

/** All threads share one: the first opens it, the others attach. */
export class DurableCache {
  #store;
  #map;

  /**
   * @param {BTreeStore} store
   * @param {MassTree<Page>} map
   */
  constructor(store, map) {
    this.#store = store;
    this.#map = map;
  }

  /** Opens the file, and warms the map with all that it has. @param {string} path */
  static open(path) {
    const store = BTreeStore.open(path, { durability: "batch" });
    // A bucket is in the order of the map's keys already.
    const map = store.read(pages, (txn) => MassTree.fromSorted(txn.entries()));
    return new DurableCache(store, map);
  }

  /** What other threads pass to `attach`. */
  get handles() {
    return { store: this.#store.handle, map: this.#map.handle };
  }

  /** @param {DurableCache["handles"]} handles */
  static attach({ store, map }) {
    return new DurableCache(BTreeStore.attach(store), MassTree.attach(map));
  }

  get size() {
    return this.#map.size;
  }

  /** @param {string} path */
  get(path) {
    return this.#map.get(path);
  }

  /**
   * Changes a page in the store and in the map. One thread at a time is within the callback; so both see all changes in
   * one order, and each begins with what the one before has left.
   *
   * @param {string} path
   * @param {(page: Page | undefined) => Page} change
   */
  update(path, change) {
    /** @type {Page | undefined} */
    let before;
    /** @type {Page | undefined} */
    let after;
    try {
      this.#store.write(pages, (txn) => {
        before = txn.get(path);
        const next = change(before);
        txn.set(path, next);
        this.#map.set(path, next);
        after = next;
      });
    } catch (error) {
      // The store has rolled back, and so does the map; unless another thread has come first.
      if (after !== undefined) this.#map.compareAndSet(path, after, before);
      throw error;
    }
  }

  /** Sets many pages, in one commit. @param {Map<string, Page>} entries */
  setMany(entries) {
    this.#store.write(pages, (txn) => {
      txn.setMany(entries.entries());
      this.#map.setMany(entries);
    });
  }

  /** Resolves once everything so far is on the disk. */
  flush() {
    return this.#store.flush();
  }

  /** Whether the store has what the map has. */
  isInStep() {
    return this.#store.read(pages, (txn) => {
      let count = 0;
      for (const [path, page] of txn) {
        const cached = this.#map.get(path);
        if (cached?.visits !== page.visits || cached.title !== page.title) return false;
        count++;
      }
      return count === this.#map.size;
    });
  }

  close() {
    this.#map.close();
    this.#store.close();
  }
}
