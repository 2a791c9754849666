// Values as structured clones: bytes that V8 writes for `structuredClone`, through node:v8.
import { MassTreeBadValueError, MassTreeUnsupportedError } from "@masstree/errors";
import { nodeBuiltin } from "@masstree/errors/node-builtin";
import { reasonOf } from "@masstree/errors/options";

interface V8 {
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
}

let v8: V8 | undefined;

/**
 * Makes sure that there is node:v8.
 *
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
 */
export function requireV8(): V8 {
  v8 ??= nodeBuiltin<V8>("node:v8");
  if (typeof v8?.serialize === "function" && typeof v8.deserialize === "function") return v8;
  v8 = undefined;
  throw new MassTreeUnsupportedError(
    'Values of kind "structured" need node:v8, which Node, Bun and Deno have and browsers do not. Elsewhere, use "json", or a codec of your own, such as that of masstree/msgpack.',
  );
}

/**
 * The bytes of a structured clone. Runs code of the caller: getters.
 *
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`); its `cause` is what node:v8 or a getter threw
 */
export function serialize(value: unknown): Uint8Array {
  // It would be no value: `get` returns it for a key that is not there.
  if (value === undefined) {
    throw new MassTreeBadValueError(
      "undefined cannot be a value. Store null for 'no value', or call 'delete' to remove a key.",
    );
  }
  try {
    return requireV8().serialize(value);
  } catch (cause) {
    throw new MassTreeBadValueError(`This value cannot be cloned: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * The value of such bytes.
 *
 * @param bytes which the value may keep: its typed arrays are views of them
 */
export function deserialize(bytes: Uint8Array): unknown {
  return requireV8().deserialize(bytes);
}
