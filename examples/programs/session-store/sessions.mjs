// The sessions of all users, which every server reads and writes.
import { randomUUID } from "node:crypto";
import { MassTree, tuple, uuid } from "masstree";

/** @typedef {{ visits: number, expires: number }} Session */

// The user comes first, so that all sessions of a user are neighbours.
const userAndId = tuple("string", uuid);

export class Sessions {
  /** @type {MassTree<Session, readonly [string, string]>} */
  #map;

  /**
   * @param {number} ttl a session ends this many milliseconds after its last visit
   * @param {any} [handle] that of another thread's sessions, to share them
   */
  constructor(ttl, handle) {
    this.ttl = ttl;
    this.#map = handle
      ? MassTree.attach(handle, { key: userAndId })
      : new MassTree({ key: userAndId });
  }

  get handle() {
    return this.#map.handle;
  }

  /** Begins a session, and returns its id. */
  begin(user) {
    const id = randomUUID();
    this.#map.set([user, id], { visits: 0, expires: Date.now() + this.ttl });
    return id;
  }

  /** Counts a visit. Returns the session; undefined if there is none, or none any more. */
  visit(user, id) {
    const now = Date.now();
    // In one step for all servers: no visit is lost, and a session that was ended stays ended.
    return this.#map.update([user, id], (session) => {
      if (session === undefined || session.expires <= now) return undefined;
      return { visits: session.visits + 1, expires: now + this.ttl };
    });
  }

  end(user, id) {
    return this.#map.delete([user, id]);
  }

  /** Ends all sessions of a user, on whatever server they began. Returns how many there were. */
  endAll(user) {
    return this.#map.clear({ prefix: [user] });
  }

  /** The sessions of a user. */
  of(user) {
    return [...this.#map.values({ prefix: [user] })];
  }

  close() {
    this.#map.close();
  }
}
