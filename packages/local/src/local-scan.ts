import type { SideScan } from "@masstree/tree";

/** A pass over a local map, for `diff`. It leaves out what is gone by the time the pass gets there. */
export class LocalScan<K, V> implements SideScan<K, V> {
  readonly #slots: SideScan<K, number>;
  readonly #valueOf: (slots: SideScan<K, number>) => V | undefined;
  #value: V | undefined;

  /** @param valueIn the value of the entry that a pass over the slots is at; undefined if it is gone */
  constructor(slots: SideScan<K, number>, valueIn: (slots: SideScan<K, number>) => V | undefined) {
    this.#slots = slots;
    this.#valueOf = valueIn;
  }

  get raw(): SideScan<K, V>["raw"] {
    return this.#slots.raw;
  }

  next(): boolean {
    while (this.#slots.next()) {
      this.#value = this.#valueOf(this.#slots);
      if (this.#value !== undefined) return true;
    }
    this.#value = undefined;
    return false;
  }

  key(): K {
    return this.#slots.key();
  }

  value(): V {
    return this.#value!;
  }

  entry(): [K, V] {
    const value = this.value();
    return [this.key(), value];
  }

  stop(): void {
    this.#slots.stop();
  }
}
