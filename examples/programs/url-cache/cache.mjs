// A cache of pages that every thread uses. Two structures: the pages by URL, and when each expires.
//
// A page is entered into `expiries` first. So whatever moment a thread ends at, a page that is there can
// be found by its time, and an entry without a page does no harm.
import { MassTree, MassTreeSet, tuple } from "masstree";

/** @typedef {{ body: string, expires: number }} Page */

const timeAndUrl = tuple("number", "string"); // in milliseconds, so the first to expire comes first

export class UrlCache {
  /** @type {MassTree<Page>} */
  #pages;
  /** @type {MassTreeSet<readonly [number, string]>} */
  #expiries;

  /**
   * @param {number} ttl how long a page is fresh, in milliseconds
   * @param {any} [handles] those of another thread's cache, to share it
   */
  constructor(ttl, handles) {
    this.ttl = ttl;
    const key = timeAndUrl;
    this.#pages = handles ? MassTree.attach(handles.pages) : new MassTree();
    this.#expiries = handles
      ? MassTreeSet.attach(handles.expiries, { key })
      : new MassTreeSet({ key });
  }

  /** What `new UrlCache(ttl, handles)` takes in another thread. */
  get handles() {
    return { pages: this.#pages.handle, expiries: this.#expiries.handle };
  }

  get size() {
    return this.#pages.size;
  }

  /** A fresh page, or undefined. */
  get(url) {
    const page = this.#pages.get(url);
    return page !== undefined && page.expires > Date.now() ? page.body : undefined;
  }

  set(url, body) {
    const expires = Date.now() + this.ttl;
    this.#expiries.add([expires, url]);
    this.#pages.set(url, { body, expires });
  }

  /** Removes what has expired. Reads only that, however many pages there are. Returns how many went. */
  sweep(now = Date.now()) {
    let removed = 0;
    // No URL is greater than the last character of Unicode.
    for (const entry of this.#expiries.keys({ lte: [now, "\u{10ffff}"] })) {
      const [, url] = entry;
      const page = this.#pages.get(url);
      // Another thread may have fetched it anew. That page has another time, and stays.
      if (page !== undefined && page.expires <= now) {
        if (this.#pages.compareAndSet(url, page, undefined)) removed++;
      }
      this.#expiries.delete(entry);
    }
    return removed;
  }

  close() {
    this.#pages.close();
    this.#expiries.close();
  }
}
