import { MassTreeBadKeyError } from "@masstree/errors";
import { badOption } from "@masstree/errors/options";
import { isKeyCodec, type KeyCodec, keyCodecs } from "@masstree/key";

/** Bytes of every key. */
const KEY_BYTES = 8;

/** Kinds of key that never have 8 bytes, or not always: refused when a map is created, and not with the first key. */
const others =
  /^(string|bytes|uuid|tuple|list|mixed|descending\((?!number\)|bigint\)|date\)|own\())/;

/**
 * The codec for the option `key`: one whose keys have 8 bytes, which are their place in the order.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 */
export function ordinalCodecOf(key: unknown): KeyCodec<unknown> {
  const codec = key === "number" || key === "bigint" ? keyCodecs[key] : key;
  if (isKeyCodec(codec) && !others.test(codec.kind)) return codec;
  throw badOption(
    "key",
    '"number", "bigint", date, descending(...) of one of these, or keyCodec(...) of 8 bytes; for strings, bytes and tuples, use MassTree or MassTreeInline',
    isKeyCodec(codec) ? codec.kind : key,
  );
}

/**
 * The same codec, which refuses keys of more or fewer bytes than the index compares: those of a caller's own codec.
 */
export function eightBytes<K>(codec: KeyCodec<K>): KeyCodec<K> {
  if (!codec.runsCallersCode) return codec;
  return {
    kind: codec.kind,
    runsCallersCode: true,
    encode(key, target, offset) {
      const length = codec.encode(key, target, offset);
      if (length === KEY_BYTES) return length;
      throw new MassTreeBadKeyError(
        `A key of a learned map has 8 bytes, but the codec of kind ${codec.kind} has written ${length}. Use MassTree or MassTreeInline for keys of other lengths.`,
      );
    },
    decode: (source, start, end) => codec.decode(source, start, end),
  };
}
