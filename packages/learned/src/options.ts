import { badOption } from "@masstree/errors/options";
import type { KeyCodecFor, KeyType, MapOptions } from "@masstree/tree";
import type { ValueOption } from "masstree";

/** Options of a learned map, besides `key` and `value`. */
export interface LearnedOptions extends Omit<MapOptions, "width"> {
  /**
   * How many slots a node gets for each key that it is built of, from 1 to 16. Default 2. More makes inserts faster,
   * because fewer keys meet in a line, and takes more memory: a slot takes 21.3 bytes.
   */
  expansion?: number | undefined;
  /**
   * How many nodes may lie above each other, from 1 to 64, before a conflict counts fourfold towards rebuilding. Default
   * 8. No limit: some sets of keys cannot be less deep.
   */
  rebuildDepth?: number | undefined;
  /**
   * The share of the keys that a node was built of, from 0.05 to 1: when so many slots of the node itself have lost their
   * entry, its subtree is rebuilt, and gives memory back. Default 0.5.
   */
  tombstoneRatio?: number | undefined;
  /**
   * Whether inserts and removals rebuild subtrees that have become deep or empty. Default true. With false, only
   * `rebuild()` does, but for nodes without any entries, and for a way down of 256 nodes: for a map that is built once,
   * and for writes of even length.
   */
  autoRebuild?: boolean | undefined;
}

/** The option `key` as a member of the options. */
export type LearnedKeyOption<K extends KeyType> = [K] extends [number]
  ? { key?: "number" | KeyCodecFor<K> | undefined }
  : { key: ([K] extends [bigint] ? "bigint" : never) | KeyCodecFor<K> };

/** The type of the keys for an option `key` of type `Key`; numbers if it is absent. */
export type LearnedKeyTypeOf<Key> = unknown extends Key
  ? number
  : Key extends "number"
    ? number
    : Key extends "bigint"
      ? bigint
      : Key extends { decode(source: Uint8Array, start: number, end: number): infer K }
        ? K & KeyType
        : never;

/** The option `value` as a member of the options: optional for numbers. */
export type LearnedValueOption<V> = [V] extends [number]
  ? { value?: "f64" | "u32" | "i32" | ValueOption<V> | undefined }
  : { value: ([V] extends [bigint] ? "u64" | "i64" : never) | ValueOption<V> };

/** The names of all options. */
export const optionNames = [
  "key",
  "value",
  "initialBytes",
  "maxBytes",
  "expansion",
  "rebuildDepth",
  "tombstoneRatio",
  "autoRebuild",
] as const;

/** Those of sets, which have no values. */
export const setOptionNames: readonly Exclude<(typeof optionNames)[number], "value">[] =
  /* @__PURE__ */ optionNames.filter((name) => name !== "value");

/** Options whose names were checked, and whose values were not. */
export type RawOptions = { readonly [Name in (typeof optionNames)[number]]?: unknown };

/** Checked options, in the units of the index. */
export interface Tuning {
  /** In thousandths. */
  readonly expansion: number;
  readonly rebuildDepth: number;
  /** In thousandths. */
  readonly tombstones: number;
  readonly autoRebuild: boolean;
}

/**
 * Checks the options that say how nodes are built.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 */
export function checkTuning(options: {
  expansion?: unknown;
  rebuildDepth?: unknown;
  tombstoneRatio?: unknown;
  autoRebuild?: unknown;
}): Tuning {
  const { expansion = 2, rebuildDepth = 8, tombstoneRatio = 0.5, autoRebuild = true } = options;
  if (typeof expansion !== "number" || !(expansion >= 1 && expansion <= 16)) {
    throw badOption("expansion", "a number from 1 to 16", expansion);
  }
  const isDepth = Number.isInteger(rebuildDepth) && (rebuildDepth as number) >= 1;
  if (!isDepth || (rebuildDepth as number) > 64) {
    throw badOption("rebuildDepth", "a whole number from 1 to 64", rebuildDepth);
  }
  if (typeof tombstoneRatio !== "number" || !(tombstoneRatio >= 0.05 && tombstoneRatio <= 1)) {
    throw badOption("tombstoneRatio", "a number from 0.05 to 1", tombstoneRatio);
  }
  if (typeof autoRebuild !== "boolean") {
    throw badOption("autoRebuild", "true or false", autoRebuild);
  }
  return {
    expansion: Math.round(expansion * 1000),
    rebuildDepth: rebuildDepth as number,
    tombstones: Math.round(tombstoneRatio * 1000),
    autoRebuild,
  };
}
