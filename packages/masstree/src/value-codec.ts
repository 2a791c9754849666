import { MassTreeBadOptionError } from "@masstree/errors";
import { badOption, reasonOf } from "@masstree/errors/options";
import { requireV8 } from "./structured.ts";

/**
 * How values become bytes and back, for the option `value`.
 *
 * Functions cannot be sent to another thread. So a thread that attaches passes its own copy of a
 * custom codec. Both functions are called outside of any operation on the map, so they may use it.
 * What they throw goes to the caller, with the map unchanged.
 */
export interface ValueCodec<V> {
  /**
   * What the codec is, as text of 1 to 1,000 characters: two codecs with the same name read each other's
   * bytes. A map's handle and a saved map carry it, and a codec of another name, or of none, is refused.
   * Change it when the bytes change. Without a name, any codec without one passes for this one.
   */
  readonly name?: string | undefined;
  /** The value's bytes, any number of them. They are copied before `set` returns. */
  encode(value: V): Uint8Array;
  /**
   * The value for bytes that `encode` returned.
   *
   * @param bytes a copy, which the function may keep
   */
  decode(bytes: Uint8Array): V;
}

/** The built-in codecs, and the type of their values. */
export interface ValueTypes {
  /**
   * What JSON can express. NaN, infinities, and `undefined` in arrays are refused, because JSON would
   * silently make `null` of them. It still makes strings of `Date`s, `{}` of `Map`s, `Set`s and
   * errors, and 0 of -0, and leaves out members that are `undefined`.
   */
  json: unknown;
  /** The same, but writes `null` where JSON has nothing else, as `JSON.stringify` does. */
  "lossy-json": unknown;
  /**
   * What `structuredClone` takes: also `Date`s, `Map`s, `Set`s, bigints, typed arrays, errors, cycles,
   * `undefined` within objects, NaN and -0. Not functions, and not `undefined` itself. Objects of
   * classes become plain ones. Through node:v8: not in browsers.
   */
  structured: unknown;
  /** Well-formed strings. */
  utf8: string;
  /** Bytes; `get` returns a copy. */
  bytes: Uint8Array;
}

/** Name of a built-in codec. */
export type ValueCodecName = keyof ValueTypes;

/** Which codec a map has, if the name of a custom one is of no account. */
export type ValueName = ValueCodecName | "custom";

/** What a handle says about a map's values: of a custom codec also its name, if it has one. */
export type ValueKind = ValueName | `custom(${string})`;

/**
 * The numbers that stand for the codecs in a region's header. Numbers below 16 are for values in
 * slots.
 */
export const valueNumbers: Readonly<Record<ValueName, number>> = {
  json: 16,
  utf8: 17,
  bytes: 18,
  custom: 19,
  structured: 20,
  "lossy-json": 21,
};

/** The names of the built-in codecs, in the order that messages use. */
const names: readonly ValueCodecName[] = ["json", "structured", "utf8", "bytes", "lossy-json"];

/**
 * The codec if `value` is one; undefined if it is the name of a built-in one.
 *
 * @param option the name of the option, for messages
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeUnsupportedError
 *   (`MASSTREE_UNSUPPORTED`) for a codec that this platform cannot have
 */
export function checkCodec(value: unknown, option: string): ValueCodec<unknown> | undefined {
  if (value === "structured") requireV8();
  if (names.includes(value as ValueCodecName)) return undefined;
  if (typeof value === "object" && value !== null && hasBoth(value)) {
    return value as ValueCodec<unknown>;
  }
  throw badOption(
    option,
    `${names.map((name) => `"${name}"`).join(", ")} or { encode, decode }`,
    value,
  );
}

/**
 * The codec of a map's values, for `attach`; undefined if it is a built-in one.
 *
 * @param kind what the handle says of it
 * @param value the option `value`
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is missing, or another one; MassTreeUnsupportedError
 *   (`MASSTREE_UNSUPPORTED`) for a codec that this platform cannot have
 */
export function checkAttachedValue<V>(kind: ValueKind, value: unknown): ValueCodec<V> | undefined {
  if (kind === "structured") requireV8();
  const isCustom = kind.startsWith("custom");
  const own = isCustom ? `a codec { encode, decode }${nameIn(kind)}` : `"${kind}"`;
  if (value === undefined && !isCustom) return undefined;
  if (value === undefined) {
    throw new MassTreeBadOptionError(
      `The map was created with ${own}, which a handle cannot carry. Pass it as the option 'value'.`,
    );
  }
  const custom = checkCodec(value, "value");
  const given = custom === undefined ? (value as ValueCodecName) : kindOf(custom);
  if (given === kind) return custom as ValueCodec<V> | undefined;
  if (custom === undefined || !isCustom) {
    throw badOption("value", `what the map was created with: ${own}`, value);
  }
  throw new MassTreeBadOptionError(
    `The option 'value' must be what the map was created with: ${own}. This codec has ${nameIn(given).slice(6) || "no name"}.`,
  );
}

/** The name that the kind of a custom codec tells, for messages. */
function nameIn(kind: ValueKind): string {
  return kind === "custom" ? " without a name" : ` named ${kind.slice("custom(".length, -1)}`;
}

/**
 * What a handle says of a codec.
 *
 * @param codec which `checkCodec` has accepted
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if its name is none
 */
export function kindOf(codec: ValueCodec<unknown>): "custom" | `custom(${string})` {
  const name = codecName(codec);
  // In quotes, so that no name can pass for another codec.
  return name === undefined ? "custom" : `custom(${JSON.stringify(name)})`;
}

/**
 * The name of a codec.
 *
 * @param codec which `checkCodec` has accepted
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is none
 */
export function codecName(codec: ValueCodec<unknown>): string | undefined {
  const name: unknown = member(codec, "name");
  if (name === undefined) return undefined;
  if (typeof name === "string" && name.length > 0 && name.length <= LONGEST_NAME) return name;
  throw badOption(
    "value",
    `a codec whose 'name' is a string of 1 to ${LONGEST_NAME} characters, or absent`,
    name,
  );
}

const LONGEST_NAME = 1000;

function hasBoth(codec: object): boolean {
  return ["encode", "decode"].every((name) => typeof member(codec, name) === "function");
}

function member(codec: object, name: string): unknown {
  try {
    return (codec as Readonly<Record<string, unknown>>)[name];
  } catch (cause) {
    throw new MassTreeBadOptionError(
      `The option 'value' cannot be read as { encode, decode }: ${reasonOf(cause)}`,
      { cause },
    );
  }
}
