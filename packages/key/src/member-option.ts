import { badOption } from "@masstree/errors/options";
import type { KeyCodec } from "./codec.ts";
import { type KeyCodecs, keyCodecs } from "./key-codecs.ts";
import { isKeyCodec } from "./make.ts";

/** What `tuple`, `list` and `descending` take: the name of one of the four kinds, or a codec. */
export type KeyMember = keyof KeyCodecs | AnyKeyCodec;

/** A codec of keys of any type. */
export interface AnyKeyCodec extends Omit<KeyCodec<never>, "decode"> {
  decode(source: Uint8Array, start: number, end: number): unknown;
}

/** The type of the keys of a `KeyMember`. */
export type KeyOfMember<M> = M extends keyof KeyCodecs ? KeyOfCodec<KeyCodecs[M]> : KeyOfCodec<M>;

/** The type of a codec's keys. */
export type KeyOfCodec<C> = C extends {
  decode(source: Uint8Array, start: number, end: number): infer K;
}
  ? K
  : never;

/**
 * The codec for a `KeyMember`.
 *
 * @param name of the parameter, for the message
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 */
export function codecOf<K>(member: unknown, name: string): KeyCodec<K> {
  if (typeof member === "string" && Object.keys(keyCodecs).includes(member)) {
    return keyCodecs[member as keyof KeyCodecs] as KeyCodec<unknown> as KeyCodec<K>;
  }
  if (isKeyCodec(member)) return member as KeyCodec<K>;
  throw badOption(
    name,
    '"string", "bytes", "number", "bigint", or a codec such as date, uuid, tuple(...) or keyCodec({ name, encode, decode })',
    member,
  );
}
