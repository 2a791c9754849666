import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import type { Cursor } from "@masstree/tree";

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface LocalCursor<K, V> extends Usable {}

/**
 * A cursor of a local map. It takes the value from its slot at each step, for later the slot may be another key's.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class LocalCursor<K, V> implements Cursor<K, V> {
  readonly #slots: Cursor<K, number>;
  readonly #valueIn: (slot: number) => V | undefined;
  #value: V | undefined;

  /**
   * @param slots where the cursor is, and the slot that the entry had when it came there. A step of it runs no code
   *   of the caller once it has found the slot
   */
  constructor(slots: Cursor<K, number>, valueIn: (slot: number) => V | undefined) {
    this.#slots = slots;
    this.#valueIn = valueIn;
  }

  get key(): K | undefined {
    return this.#slots.key;
  }

  get value(): V | undefined {
    return this.#value;
  }

  next(): boolean {
    return this.#arrive(this.#slots.next());
  }

  previous(): boolean {
    return this.#arrive(this.#slots.previous());
  }

  seek(key: K): boolean {
    return this.#arrive(this.#slots.seek(key));
  }

  dispose(): void {
    this.#slots.dispose();
    this.#value = undefined;
  }

  #arrive(found: boolean): boolean {
    this.#value = found ? this.#valueIn(this.#slots.value!) : undefined;
    return found;
  }

  static {
    makeUsable(LocalCursor.prototype, (cursor) => cursor.dispose());
  }
}
