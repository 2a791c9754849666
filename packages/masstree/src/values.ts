import { decodeText, keyCodecs, MAX_KEY_BYTES } from "@masstree/key";
import type { TextChunks } from "@masstree/tree";
import { stageBytes, stageJson, stageString } from "./stage.ts";
import { deserialize, serialize } from "./structured.ts";
import { type ValueCodec, type ValueKind, type ValueName, valueNumbers } from "./value-codec.ts";

const { json, "lossy-json": lossyJson, structured, utf8, bytes } = valueNumbers;

/**
 * A map's value codec. It is identified by its number, so that the functions stay monomorphic
 * whatever kinds of maps a program uses.
 */
export class Values<V> {
  readonly #kind: number;
  readonly #custom: ValueCodec<V> | undefined;

  /** @param custom the codec, if `name` is not that of a built-in one */
  constructor(name: ValueKind, custom: ValueCodec<V> | undefined) {
    this.#kind = custom === undefined ? valueNumbers[name as ValueName] : valueNumbers.custom;
    this.#custom = custom;
  }

  /** Whether equal values of both have equal bytes, as far as one codec gives them. */
  isLike(other: Values<unknown>): boolean {
    return this.#kind === other.#kind && this.#custom === other.#custom;
  }

  /**
   * Turns a value into bytes, in `staged`. May run the caller's code.
   *
   * @returns the number of bytes
   * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`), and what a custom codec throws
   */
  stage(value: V): number {
    switch (this.#kind) {
      case json:
        return stageJson(value, false);
      case structured:
        return stageBytes(serialize(value), "Structured clones are");
      case lossyJson:
        return stageJson(value, true);
      case utf8:
        return stageString(value);
      case bytes:
        return stageBytes(value, "The values of this map are");
      default:
        return stageBytes(this.#custom!.encode(value), "The value codec's 'encode' must return");
    }
  }

  /**
   * Reads a value from bytes in private memory.
   *
   * @param texts the same memory, if all of it is ASCII
   * @throws what a custom codec throws
   */
  read(source: Uint8Array, start: number, end: number, texts?: TextChunks): V {
    switch (this.#kind) {
      case json:
        return parseJson(source, start, end, texts) as V;
      case utf8:
        return text(source, start, end, texts) as V;
      case bytes:
        return copy(source, start, end) as V;
      case lossyJson:
        return parseJson(source, start, end, texts) as V;
      case structured:
        return deserialize(copy(source, start, end)) as V;
      default:
        return this.#custom!.decode(copy(source, start, end));
    }
  }
}

function text(source: Uint8Array, start: number, end: number, texts?: TextChunks): string {
  if (texts !== undefined) return texts.cut(start, end - start);
  // The key codec is faster for short texts; it accepts nothing longer than a key.
  if (end - start <= MAX_KEY_BYTES) return keyCodecs.string.decode(source, start, end);
  return decodeText(source, start, end);
}

function copy(source: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(source.subarray(start, end));
}

/**
 * The JSON value of ASCII or UTF-8 bytes. Whole numbers, the most common short values, are read
 * without creating a string.
 */
function parseJson(source: Uint8Array, start: number, end: number, texts?: TextChunks): unknown {
  const first = source[start]! - 0x30;
  if (first > 0 && first <= 9 && end - start <= 15) {
    let whole = first;
    let at = start + 1;
    for (; at < end; at++) {
      const digit = source[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    if (at === end) return whole;
  }
  return JSON.parse(text(source, start, end, texts));
}
