import { MassTreeBadFileError } from "@masstree/errors";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import type { KeyType } from "../key-types.ts";
import type { MapValues } from "../map-values.ts";
import type { MapParts } from "../ordered-map.ts";
import { BytesLoader } from "../sorted-loader.ts";
import { compareTail } from "./block-reader.ts";

/** Fills a new map with saved entries, in key order, and looks at each. */
export class Filler {
  readonly #codec: KeyCodec<KeyType>;
  readonly #values: MapValues<unknown>;
  readonly #loader: BytesLoader<unknown>;
  /** Where keys are written again, to compare. */
  readonly #again: Uint8Array | undefined;

  constructor({ tree, codec, values }: MapParts<KeyType, unknown>) {
    this.#codec = codec;
    this.#values = values;
    this.#loader = new BytesLoader(tree, values);
    // What runs code of the caller is believed, as it is when it encodes.
    if (!codec.runsCallersCode) this.#again = new Uint8Array(MAX_KEY_BYTES + 16);
  }

  /**
   * Adds an entry.
   *
   * @param offset where it is, for errors
   * @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`) if no key or value of this kind has these bytes,
   *   MassTreeFullError (`MASSTREE_FULL`)
   */
  readonly add = (key: Uint8Array, value: Uint8Array, offset: number): void => {
    if (!this.#isKey(key)) {
      throw new MassTreeBadFileError("This file holds bytes that are no key of its kind.", offset);
    }
    const stored = this.#values.fromSaved(value);
    if (stored === undefined) {
      throw new MassTreeBadFileError(
        "This file holds bytes that are no value of its kind.",
        offset,
      );
    }
    this.#loader.append(key, stored);
  };

  /** After the last entry. Throws as `add`. */
  finish(): void {
    this.#loader.finish();
  }

  /** Whether the codec would write this key so: then it can be found again. */
  #isKey(key: Uint8Array): boolean {
    const again = this.#again;
    if (again === undefined) return true;
    try {
      const length = this.#codec.encode(this.#codec.decode(key, 0, key.length), again, 0);
      return compareTail(key, again, 0, length) === 0;
    } catch {
      return false;
    }
  }
}
