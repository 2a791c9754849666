// Keys of several members, in the encoding of FoundationDB's tuple layer (members.ts): what `pack`
// writes there. One key after the other, so the order of keys is that of their first members, then of
// the second ones, and so on; a key that is the beginning of another comes first.
import { MassTreeBadKeyError } from "@masstree/errors";
import { reasonOf } from "@masstree/errors/options";
import type { KeyCodec } from "./codec.ts";
import { what } from "./describe.ts";
import { type Member, make } from "./make.ts";
import { codecOf, type KeyMember, type KeyOfMember } from "./member-option.ts";
import { ESCAPE, memberOf, NESTED } from "./members.ts";
import { MAX_DEPTH, type Packer, release, takePacker, Unpacker } from "./packer.ts";

/** The type of the keys of `tuple(...)`. */
export type TupleOf<M extends readonly KeyMember[]> = {
  readonly [I in keyof M]: KeyOfMember<M[I]>;
};

/**
 * Codec for arrays of a certain length: `tuple("string", "number", date)` for keys such as
 * `["user", 17, new Date()]`. They are ordered by the first member, then by the second, and so on.
 *
 * The bytes are those of FoundationDB's tuple layer: a byte that says the kind, then the member, in
 * as few bytes as keep the order: 9 for a number, a string's UTF-8 and 2 more. The members of an array
 * are read once each, by index. Tuples can be members of tuples.
 *
 * In a map, `{ prefix: ["user", 17] }` is the range of all keys that begin with these members.
 *
 * @param members `"string"`, `"bytes"`, `"number"`, `"bigint"`, or codecs of this package. Bigints
 *   here may have up to 255 bytes
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if one is neither
 *
 * @example
 * ```ts
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * const codec = tuple("string", "bigint");
 * const length = codec.encode(["a", 5n], room, 0); // => 5
 * room.slice(0, length); // => new Uint8Array([0x02, 0x61, 0x00, 0x15, 0x05])
 * codec.decode(room, 0, length); // => ["a", 5n]
 * ```
 */
export function tuple<const M extends readonly KeyMember[]>(...members: M): KeyCodec<TupleOf<M>> {
  const codecs = members.map((member, i) => codecOf<unknown>(member, `members[${i}]`));
  return arrayCodec<TupleOf<M>>({
    kind: "tuple",
    text: `tuple(${codecs.map(({ kind }) => kind).join(",")})`,
    members: codecs.map(memberOf),
    rest: undefined,
    decodeRunsCallersCode: codecs.some(({ runsCallersCode }) => runsCallersCode),
  });
}

/**
 * Codec for arrays of any length whose members are all of one kind: `list("string")` for paths such as
 * `["usr", "lib"]`. A list that is the beginning of another comes first. Otherwise like `tuple`.
 *
 * `list(mixed)` is for keys of any shape, as FoundationDB and Deno KV have them.
 *
 * @param of `"string"`, `"bytes"`, `"number"`, `"bigint"`, or a codec of this package
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is neither
 *
 * @example
 * ```ts
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * const path = list("string");
 * path.decode(room, 0, path.encode(["usr", "lib"], room, 0)); // => ["usr", "lib"]
 * path.encode([], room, 0); // => 0
 * ```
 */
export function list<const M extends KeyMember>(of: M): KeyCodec<readonly KeyOfMember<M>[]> {
  const codec = codecOf<unknown>(of, "of");
  return arrayCodec<readonly KeyOfMember<M>[]>({
    kind: "list",
    text: `list(${codec.kind})`,
    members: [],
    rest: memberOf(codec),
    decodeRunsCallersCode: codec.runsCallersCode,
  });
}

/** What distinguishes codecs of arrays. */
interface Shape {
  readonly kind: "tuple" | "list";
  /** The codec's `kind`. */
  readonly text: string;
  readonly members: readonly Member<unknown>[];
  /** The kind of all further members; undefined if there are none. */
  readonly rest: Member<unknown> | undefined;
  readonly decodeRunsCallersCode: boolean;
}

function arrayCodec<K>(shape: Shape): KeyCodec<K> {
  return make<K>(
    {
      kind: shape.text,
      // Reading an array may run getters, or the traps of a proxy.
      runsCallersCode: true,

      encode(key, target, offset) {
        const packer = takePacker();
        try {
          appendMembers(shape, key, packer, false);
          return packer.copyTo(target, offset);
        } finally {
          release(packer);
        }
      },

      decode(source, start, end) {
        const from = shape.decodeRunsCallersCode
          ? new Unpacker(shape.kind, new Uint8Array(source.subarray(start, end)), 0, end - start)
          : new Unpacker(shape.kind, source, start, end);
        const key = readMembers(shape, from);
        if (from.at < from.end) throw from.garbage("there are more members than the tuple has");
        return key as K;
      },

      prefixRange(prefix) {
        const packer = takePacker();
        try {
          appendMembers(shape, prefix, packer, true);
          return packer.membersRange();
        } finally {
          release(packer);
        }
      },
    },
    { fixedBytes: undefined, member: nested(shape) as Member<K> },
  );
}

function appendMembers(shape: Shape, key: unknown, out: Packer, isPrefix: boolean): void {
  const length = lengthOf(key, shape.kind);
  const { members, rest } = shape;
  if (rest === undefined && (isPrefix ? length > members.length : length !== members.length)) {
    throw new MassTreeBadKeyError(
      `The ${shape.text} needs ${isPrefix ? "at most " : ""}${members.length} members, not ${length}.`,
    );
  }
  let i = 0;
  try {
    for (; i < length; i++) (members[i] ?? rest!).append((key as unknown[])[i], out);
  } catch (cause) {
    throw inMember(i, cause);
  }
}

/**
 * How many members an array has. Runs the caller's code if it is a proxy.
 *
 * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if it is no array
 */
export function lengthOf(key: unknown, kind: "tuple" | "list" | "mixed"): number {
  if (!Array.isArray(key)) {
    throw new MassTreeBadKeyError(`A ${kind} key is an array of its members, not ${what(key)}.`);
  }
  const { length } = key;
  // A proxy may say anything.
  if (!Number.isInteger(length) || length < 0) {
    throw new MassTreeBadKeyError("This array's length is not a whole number.");
  }
  return length;
}

/** Says in which member a key was refused. Errors of the caller's own code are left as they are. */
export function inMember(index: number, cause: unknown): unknown {
  if (!(cause instanceof MassTreeBadKeyError)) return cause;
  return new MassTreeBadKeyError(`Member ${index} of the key: ${reasonOf(cause)}`, { cause });
}

function nested(shape: Shape): Member<unknown> {
  return {
    append(key, out) {
      out.byte(NESTED);
      open(out);
      appendMembers(shape, key, out, false);
      out.depth--;
      out.byte(0);
    },
    read(from) {
      from.expect(NESTED);
      open(from);
      const key = readMembers(shape, from);
      from.depth--;
      from.expect(0);
      return key;
    },
  };
}

/** Counts one more tuple within the key. */
export function open(place: Packer | Unpacker): void {
  if (++place.depth > MAX_DEPTH) {
    throw new MassTreeBadKeyError(`Tuples may be nested up to ${MAX_DEPTH} deep in a key.`);
  }
}

function readMembers({ members, rest }: Shape, from: Unpacker): unknown[] {
  const key: unknown[] = [];
  for (const member of members) key.push(member.read(from));
  if (rest !== undefined) while (!atEnd(from)) key.push(rest.read(from));
  return key;
}

/** Whether a tuple ends here: with the key, or with a 00 that is not a null. */
export function atEnd(from: Unpacker): boolean {
  if (from.depth === 0) return from.at >= from.end;
  return from.peek() === 0 && !(from.at + 1 < from.end && from.source[from.at + 1] === ESCAPE);
}
