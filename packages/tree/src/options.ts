import { MassTreeBadOptionError } from "@masstree/errors";
import { badOption, checkNames } from "@masstree/errors/options";
import { memoryPages } from "@masstree/memory";
import { type KeyName, keyNames } from "./key-types.ts";
import type { WasmModules } from "./modules.ts";
import { reasonOf } from "./reason.ts";

/** Options that every map takes, beside `key` and `value`. */
export interface MapOptions {
  /**
   * Entries in a leaf. 15, the default, has the fastest writes; 24 makes the tree lower and the
   * leaves larger.
   */
  width?: 15 | 24 | undefined;
  /**
   * Size of the memory at first, in bytes, from 65,536 to `maxBytes`; rounded up to a multiple of
   * 65,536. Default 1 MiB, or `maxBytes` if that is less.
   */
  initialBytes?: number | undefined;
  /**
   * How far the memory can grow, in bytes, up to 4 GiB; rounded down to a multiple of 65,536.
   * Default 4 GiB. It reserves addresses; memory is taken as it is used. An empty map that one
   * thread has open takes 393,216: below that no map is made, and each further participant takes
   * 328 KiB.
   */
  maxBytes?: number | undefined;
}

/** Checked options, in the units of the tree. @internal */
export interface CheckedOptions {
  readonly key: KeyName;
  readonly width: number;
  readonly initialPages: number;
  readonly maximumPages: number;
}

/**
 * Checks what all maps' options have in common. `value` is left to the class.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function checkOptions(options: object, modules: WasmModules): CheckedOptions {
  const { key = "string", width = 15, initialBytes, maxBytes } = readOptions(options, optionNames);
  if (!keyNames.includes(key as KeyName)) throw badOption("key", oneOf(keyNames), key);
  if (typeof width !== "number" || !modules.has(width)) {
    throw badOption("width", modules.widths.join(" or "), width);
  }
  // Whatever they are: it checks them.
  const { initialPages, maximumPages } = memoryPages({ initialBytes, maxBytes } as MapOptions);
  return { key: key as KeyName, width, initialPages, maximumPages };
}

/**
 * Reads options, each once: a getter may be behind any, and throw.
 *
 * @param options what the caller passed
 * @param known the names of all options that there are
 * @returns what they are, under these names; undefined for those that are not there
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for what is no object, for any other name, and
 *   when reading them throws: what it threw is the `cause`
 */
export function readOptions<Name extends string>(
  options: unknown,
  known: readonly Name[],
): Record<Name, unknown> {
  const read: Record<string, unknown> = Object.create(null);
  const isObject = typeof options === "object" && options !== null;
  if (isObject) {
    let isIterable: boolean;
    try {
      isIterable = Symbol.iterator in options;
      for (const name of Object.keys(options)) read[name] = undefined;
      for (const name of known) read[name] = (options as Record<string, unknown>)[name];
    } catch (cause) {
      throw new MassTreeBadOptionError(`The options cannot be read: ${reasonOf(cause)}`, { cause });
    }
    if (isIterable) {
      throw new MassTreeBadOptionError(
        "The options are an iterable, and have to be an object such as { maxBytes }. A new map is empty: 'set' its entries one by one.",
      );
    }
  }
  checkNames(isObject ? read : options, known);
  return read;
}

/** The names of the options that every map takes. */
export const optionNames = ["key", "value", "width", "initialBytes", "maxBytes"] as const;

/** A list of names as messages show it, for `badOption`. */
export function oneOf(names: readonly string[]): string {
  return `one of ${names.map((name) => `"${name}"`).join(", ")}`;
}
