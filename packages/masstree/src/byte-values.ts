import { copyBytes } from "@masstree/key";
import type { SideValues } from "@masstree/tree";
import { staged, unstage } from "./stage.ts";
import type { Values } from "./values.ts";

/** Values that are stored as the bytes of their codec: what `diff` knows of them. */
export class ByteValues<V> implements SideValues<V> {
  readonly #values: Values<V>;

  constructor(values: Values<V>) {
    this.#values = values;
  }

  /** The bytes of a value. May run code of the caller. Throws as `stage` of `Values`. */
  encode(value: V): Uint8Array {
    const length = this.#values.stage(value);
    const bytes = copyOf(staged, length);
    unstage();
    return bytes;
  }

  storesAs(other: SideValues<unknown>): boolean {
    return other instanceof ByteValues && this.#values.isLike(other.#values);
  }
}

/** The first bytes of a source, copied. */
export function copyOf(source: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  copyBytes(source, 0, length, copy, 0);
  return copy;
}
