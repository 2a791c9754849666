import { MassTreeBadOptionError } from "@masstree/errors";
import { memoryPages } from "@masstree/memory";
import { describe } from "./describe.ts";
import { type KeyName, keyNames } from "./key-types.ts";
import type { WasmModules } from "./modules.ts";

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
   * How far the memory can grow, in bytes, from 65,536 to 4 GiB; rounded down to a multiple of
   * 65,536. Default 4 GiB. It reserves addresses; memory is taken as it is used.
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
  checkNames(options, ["key", "value", "width", "initialBytes", "maxBytes"]);
  const { key = "string", width = 15 } = options as Record<string, unknown>;
  if (!keyNames.includes(key as KeyName)) throw badOption("key", oneOf(keyNames), key);
  if (typeof width !== "number" || !modules.has(width)) {
    throw badOption("width", modules.widths.join(" or "), width);
  }
  const { initialBytes, maxBytes } = options as MapOptions;
  const { initialPages, maximumPages } = memoryPages({ initialBytes, maxBytes });
  return { key: key as KeyName, width, initialPages, maximumPages };
}

/**
 * Refuses what is no object, and members that are not among `known`: a misspelt option would
 * otherwise be ignored in silence.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function checkNames(options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options !== "object" || options === null) {
    throw new MassTreeBadOptionError(`The options must be an object, not ${describe(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      const all = known.map((option) => `'${option}'`).join(", ");
      throw new MassTreeBadOptionError(
        `There is no option '${name}'. ${known.length === 0 ? "None is taken here." : `There are ${all}.`}`,
      );
    }
  }
}

/** An error about one option. @internal */
export function badOption(name: string, wanted: string, got: unknown): MassTreeBadOptionError {
  return new MassTreeBadOptionError(
    `The option '${name}' must be ${wanted}, not ${describe(got)}.`,
  );
}

/** A list of names as messages show it. @internal */
export function oneOf(names: readonly string[]): string {
  return `one of ${names.map((name) => `"${name}"`).join(", ")}`;
}
