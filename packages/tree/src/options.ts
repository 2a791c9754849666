import { MassTreeNotLoadedError } from "@masstree/errors";
import { badOption, readOptions } from "@masstree/errors/options";
import type { KeyCodec } from "@masstree/key";
import { memoryPages } from "@masstree/memory";
import type { WasmModules } from "@masstree/session";
import { keyCodecOf } from "./key-types.ts";

/** Options that every map takes, besides `key` and `value`. */
export interface MapOptions {
  /**
   * Entries in a leaf. 15, the default, has the fastest writes; 24 makes the tree lower and the
   * leaves larger. Each thread that uses a map of width 24 imports `masstree/24` first, or the entry `/24`
   * of the package that the class comes from.
   */
  width?: 15 | 24 | undefined;
  /**
   * Initial size of the memory, in bytes, from 65,536 to `maxBytes`; rounded up to a multiple of
   * 65,536. Default 1 MiB, or `maxBytes` if that is less.
   */
  initialBytes?: number | undefined;
  /**
   * How far the memory can grow, in bytes, up to 4 GiB; rounded down to a multiple of 65,536.
   * Default 4 GiB. It reserves addresses; memory is taken only as it is used. An empty map that one
   * thread has open takes 393,216 bytes; with less, no map is created. Each further participant
   * takes 328 KiB.
   */
  maxBytes?: number | undefined;
}

/** Checked options, in the units of the tree. @internal */
export interface CheckedOptions {
  readonly key: KeyCodec<unknown>;
  readonly width: number;
  readonly initialPages: number;
  readonly maximumPages: number;
}

/**
 * Checks the options that all maps have. The class checks `value`.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function checkOptions(options: object, modules: WasmModules): CheckedOptions {
  const { key = "string", width = 15, initialBytes, maxBytes } = readOptions(options, optionNames);
  const codec = keyCodecOf(key);
  if (typeof width !== "number" || !modules.has(width)) {
    if (width === ON_DEMAND) throw notLoaded();
    throw badOption("width", [...modules.variants, ON_DEMAND].join(" or "), width);
  }
  // Passed on unchecked: `memoryPages` checks them.
  const { initialPages, maximumPages } = memoryPages({ initialBytes, maxBytes } as MapOptions);
  return { key: codec, width, initialPages, maximumPages };
}

/** The width whose code has an entry of its own, so that who does not use it does not download it. @internal */
export const ON_DEMAND = 24;

/** The error for a map of that width in a thread that has not imported it. @internal */
export function notLoaded(): MassTreeNotLoadedError {
  return new MassTreeNotLoadedError(
    'The code for maps of width 24 is not loaded in this thread. Import "masstree/24" here first, or the entry "/24" of the package that the class comes from, such as "@masstree/inline/24".',
  );
}

/** The names of the options that every map takes. */
export const optionNames = ["key", "value", "width", "initialBytes", "maxBytes"] as const;

/** A list of names for messages, for `badOption`. */
export function oneOf(names: readonly string[]): string {
  return `one of ${names.map((name) => `"${name}"`).join(", ")}`;
}
