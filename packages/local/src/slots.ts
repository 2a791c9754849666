import { MassTreeInline } from "@masstree/inline";
import type { KeyType } from "@masstree/tree";

/** The tree of a local map: for each key, the number of the slot that its value is in. */
export class Slots<K extends KeyType> extends MassTreeInline<number, K> {
  /** @param options of the map, checked for names */
  constructor(options: object) {
    super({ ...options, value: "u32" } as never);
  }

  /**
   * Runs what code of the caller the key needs to be encoded. With what this returns, no other method runs
   * any: so a local map can look a key up and then act on what it found.
   */
  ready(key: K): K {
    this.open();
    return this.readyKey(key);
  }

  /** The same, and nobody can change what it returns. Refuses what is no key. */
  fixed(key: K): K {
    this.open();
    return this.fixedKey(key);
  }

  /** Throws if the map was closed. */
  checkOpen(): void {
    this.open();
  }
}
