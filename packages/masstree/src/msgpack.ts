/**
 * `masstree/msgpack`: values as MessagePack, by the package msgpackr, which you install as well.
 */
import { MassTreeBadOptionError, MassTreeBadValueError } from "@masstree/errors";
import { describe, reasonOf } from "@masstree/errors/options";
import { type Options, Packr } from "msgpackr";
import type { ValueCodec } from "./value-codec.ts";

/** Options of msgpackr's `Packr`, but for those by which one thread's packer would differ from another's. */
export type MsgpackOptions = Omit<Options, keyof typeof shared>;

// They number the shapes of objects, in the order in which this thread happens to meet them.
const shared = {
  structures: 1,
  getStructures: 1,
  saveStructures: 1,
  maxSharedStructures: 1,
  shouldShareStructure: 1,
  sequential: 1,
} as const;

/**
 * A codec for values as MessagePack: shorter than JSON, and with `Date`s, bytes, bigints, NaN and
 * infinities. Other languages read it.
 *
 * By default, objects are written as MessagePack's maps (`useRecords: false`), and typed arrays, `Set`s,
 * errors, regular expressions and large bigints as msgpackr's own extensions (`moreTypes: true`). What msgpackr does
 * with the rest: a `Map` becomes an object, -0 becomes 0, a function becomes `undefined`, half a
 * surrogate pair becomes U+FFFD, a member called `__proto__` gets another name. `"structured"` keeps more, and takes more time and bytes.
 *
 * A handle cannot carry the codec: pass it to `attach` as well.
 *
 * @param options as msgpackr's `Packr` takes them
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for options that other threads could not know
 *   of, such as `structures`
 *
 * @example
 * ```ts
 * const map = new MassTree({ value: msgpack<{ at: Date; hash: Uint8Array }>() });
 * map.set("a", { at: new Date(0), hash: Uint8Array.of(1, 2) });
 * map.get("a")?.at; // => new Date(0)
 * ```
 */
export function msgpack<V = unknown>(options: MsgpackOptions = {}): ValueCodec<V> {
  if (typeof options !== "object" || options === null) {
    throw new MassTreeBadOptionError(`The options must be an object, not ${describe(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (name in shared) {
      throw new MassTreeBadOptionError(
        `The option '${name}' of msgpackr is not for maps that threads share: what it learns stays in one thread.`,
      );
    }
  }
  const packr = new Packr({ useRecords: false, moreTypes: true, ...options });
  return {
    name: nameWith(options),

    encode(value) {
      // msgpackr would write undefined for both, and `get` returns that for a key that is not there.
      if (value === undefined || typeof value === "function") {
        throw new MassTreeBadValueError(
          `${value === undefined ? "undefined" : "A function"} cannot be a value. Store null for 'no value', or call 'delete' to remove a key.`,
        );
      }
      try {
        return packr.pack(value);
      } catch (cause) {
        throw new MassTreeBadValueError(
          `This value cannot be written as MessagePack: ${reasonOf(cause)}`,
          { cause },
        );
      }
    },
    decode: (bytes) => packr.unpack(bytes) as V,
  };
}

/** Options change the bytes, or what becomes of them. */
function nameWith(options: MsgpackOptions): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "msgpack";
  return `msgpack(${JSON.stringify(Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1))))})`;
}
