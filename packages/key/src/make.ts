// What is known of the codecs that this package makes, besides the four kinds with a name: how they
// take part in tuples and in descending order. Maps accept no other objects as codecs, because the
// tree trusts what a codec says.
import type { KeyCodec } from "./codec.ts";
import { keyCodecs } from "./key-codecs.ts";
import type { Packer, Unpacker } from "./packer.ts";

/** How keys of a kind are written as a member of a tuple. */
export interface Member<K> {
  /**
   * Appends the member. No member's bytes are the beginning of another's of the same codec.
   *
   * @throws like a codec's `encode`
   */
  append(key: K, out: Packer): void;
  /**
   * Reads a member back, and moves behind it.
   *
   * @throws like a codec's `decode`
   */
  read(source: Unpacker): K;
}

/** What a codec says of itself to the others. */
export interface Parts<K> {
  /** How many bytes every key has; undefined if that depends on the key. */
  readonly fixedBytes: number | undefined;
  readonly member: Member<K>;
}

const made = /* @__PURE__ */ new WeakMap<object, Parts<unknown>>();

/** Registers a codec. */
export function make<K>(codec: KeyCodec<K>, parts: Parts<K>): KeyCodec<K> {
  made.set(codec, parts as Parts<unknown>);
  return Object.freeze(codec);
}

/** What a codec says of itself; undefined for the four kinds with a name. */
export function partsOf<K>(codec: KeyCodec<K>): Parts<K> | undefined {
  return made.get(codec) as Parts<K> | undefined;
}

/**
 * Whether a value is a codec of this package: one of the four, or one that `tuple`, `keyCodec` and
 * the like returned. Runs no code of the value.
 *
 * For the packages of this project.
 */
export function isKeyCodec(value: unknown): value is KeyCodec<unknown> {
  if (typeof value !== "object" || value === null) return false;
  return made.has(value) || (Object.values(keyCodecs) as unknown[]).includes(value);
}
