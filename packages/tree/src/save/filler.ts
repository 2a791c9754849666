import { MassTreeBadFileError } from "@masstree/errors";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import { PUT_ALWAYS, PUT_FULL } from "../exports.ts";
import { fullError } from "../full-error.ts";
import type { KeyType } from "../key-types.ts";
import type { MapParts } from "../ordered-map.ts";
import { compareTail } from "./block-reader.ts";

/** Fills a new map with saved entries, in key order. */
export class Filler {
  readonly #parts: MapParts<KeyType, unknown>;
  readonly #check: Uint8Array | undefined;

  constructor(parts: MapParts<KeyType, unknown>) {
    this.#parts = parts;
    // What runs code of the caller is believed, as it is when it encodes.
    if (!parts.codec.runsCallersCode) this.#check = new Uint8Array(MAX_KEY_BYTES + 16);
  }

  /**
   * Adds an entry.
   *
   * @param offset where it is, for errors
   * @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`) if no key or value of this kind has these bytes,
   *   MassTreeFullError (`MASSTREE_FULL`)
   */
  readonly add = (key: Uint8Array, value: Uint8Array, offset: number): void => {
    const { tree, codec, values } = this.#parts;
    if (!this.#isKey(codec, key)) {
      throw new MassTreeBadFileError("This file holds bytes that are no key of its kind.", offset);
    }
    const stored = values.fromSaved(value);
    if (stored === undefined) {
      throw new MassTreeBadFileError(
        "This file holds bytes that are no value of its kind.",
        offset,
      );
    }
    tree.checkOpen();
    values.stageStored(stored);
    try {
      tree.key.set(key);
      if (values.put(key.length, PUT_ALWAYS) === PUT_FULL) throw fullError(tree);
    } finally {
      values.unstage();
    }
  };

  /** Whether the codec would write this key so: then it can be found again. */
  #isKey(codec: KeyCodec<KeyType>, key: Uint8Array): boolean {
    const check = this.#check;
    if (check === undefined) return true;
    try {
      const length = codec.encode(codec.decode(key, 0, key.length), check, 0);
      return compareTail(key, check, 0, length) === 0;
    } catch {
      return false;
    }
  }
}
