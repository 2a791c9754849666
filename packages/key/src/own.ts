// Codecs of the caller's own. Nothing that their functions do, return or throw can harm a map: they get
// private memory, which is copied once they have returned and their result was checked.
import { MassTreeBadKeyError } from "@masstree/errors";
import { badOption, describe, readOptions } from "@masstree/errors/options";
import type { KeyCodec } from "./codec.ts";
import { tooLong } from "./describe.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { byteCount, copyBytes } from "./is-bytes.ts";
import { type Member, make } from "./make.ts";
import { BYTES, escapedMember } from "./members.ts";

/** What `keyCodec` takes. */
export interface OwnKeyCodec<K> {
  /**
   * The codec's name: 1 to 100 characters. A map's handle carries it, and a thread that attaches with
   * a codec of another name is refused. Change it when the bytes change.
   */
  readonly name: string;
  /**
   * Writes a key's bytes. Keys are ordered by these bytes, as `memcmp` does, a prefix first; two keys
   * with the same bytes are the same key.
   *
   * It may use maps. What it throws goes to the caller, with the map unchanged.
   *
   * @param target private memory; nothing written to it counts once the function has returned
   * @param offset index of the first byte to write. There is room for `MAX_KEY_BYTES + 16` bytes, so
   *   that the codecs of this package can be called with it
   * @returns how many bytes the key has, 0 to `MAX_KEY_BYTES`, all of them written
   */
  encode(key: K, target: Uint8Array, offset: number): number;
  /**
   * The key for bytes that `encode` wrote.
   *
   * @param bytes a copy, which the function may keep
   */
  decode(bytes: Uint8Array): K;
}

const LONGEST_NAME = 100;

/**
 * A codec of your own, for keys of any type.
 *
 * Both functions must be pure: the same key has the same bytes in every thread and at any time, and
 * `decode` gives an equal key back. A codec that breaks this finds keys in wrong places; it cannot
 * corrupt the map.
 *
 * @param codec `name`, `encode` and `decode`, each read once
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if a member is missing or ill-typed
 *
 * @example
 * ```ts
 * // IPv4 addresses in numeric order, in 4 bytes.
 * const ipv4 = keyCodec<string>({
 *   name: "ipv4",
 *   encode(key, target, offset) {
 *     target.set(key.split(".").map(Number), offset);
 *     return 4;
 *   },
 *   decode: (bytes) => bytes.join("."),
 * });
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * ipv4.decode(room, 0, ipv4.encode("10.0.0.9", room, 0)); // => "10.0.0.9"
 * ```
 */
export function keyCodec<K>(codec: OwnKeyCodec<K>): KeyCodec<K> {
  const { name, encode, decode } = readOptions(codec, ["name", "encode", "decode"]);
  if (typeof name !== "string" || name.length === 0 || name.length > LONGEST_NAME) {
    throw badOption("name", `a string of 1 to ${LONGEST_NAME} characters`, name);
  }
  if (typeof encode !== "function") throw badOption("encode", "a function", encode);
  if (typeof decode !== "function") throw badOption("decode", "a function", decode);
  const own = { encode, decode } as unknown as OwnKeyCodec<K>;
  // One codec's only: it may keep an array, change its properties and write to it at any time.
  const free: Uint8Array[] = [];
  const member: Member<K> = escapedMember(BYTES, () => made);
  const made: KeyCodec<K> = make<K>(
    {
      // In quotes, so that no name can pass for another codec.
      kind: `own(${JSON.stringify(name)})`,
      runsCallersCode: true,

      encode(key, target, offset) {
        const room = free.pop() ?? new Uint8Array(ROOM);
        let kept = false;
        try {
          const length = checked(own.encode(key, room, 0), room);
          kept = true;
          return copy(room, length, target, offset);
        } finally {
          // Not after an error: the array may have been transferred away.
          if (kept && free.length < KEPT) free.push(room);
        }
      },

      decode(source, start, end) {
        return own.decode(new Uint8Array(source.subarray(start, end)));
      },
    },
    { fixedBytes: undefined, member },
  );
  return made;
}

const ROOM = MAX_KEY_BYTES + 16;
// More are in use only while codecs encode keys within each other.
const KEPT = 4;
// The caller had `room`, and may have replaced its methods.
function copy(room: Uint8Array, length: number, target: Uint8Array, offset: number): number {
  copyBytes(room, 0, length, target, offset);
  return length;
}

function checked(length: unknown, room: Uint8Array): number {
  if (!Number.isInteger(length) || (length as number) < 0) {
    throw new MassTreeBadKeyError(
      `A key codec's 'encode' returns how many bytes it wrote, 0 to ${MAX_KEY_BYTES}, not ${describe(length)}.`,
    );
  }
  if ((length as number) > MAX_KEY_BYTES) throw tooLong();
  if (byteCount(room) !== ROOM) {
    throw new MassTreeBadKeyError(
      "A key codec's 'encode' has transferred the array that it was given away. Write to it only.",
    );
  }
  return length as number;
}
