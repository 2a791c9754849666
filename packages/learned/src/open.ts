// Opening a learned index in this thread, for its classes.
import type { KeyCodec } from "@masstree/key";
import type { WasmModules } from "@masstree/session";
import {
  createMap,
  type KeyType,
  type MapKind,
  type OpenMap,
  type TreeExports,
  type WordTreeExports,
} from "@masstree/tree";
import {
  AUTO_REBUILD,
  DOUBLES,
  type LearnedExports,
  LINE_SLOTS,
} from "./generated/learned-exports.ts";
import { invariants } from "./invariants.ts";
import { learnedModules } from "./modules.ts";
import { checkTuning, type RawOptions } from "./options.ts";
import { eightBytes, ordinalCodecOf } from "./ordinals.ts";

/** A learned index that is open in this thread, whose values are of a kind called `Name`. */
export type OpenLearned<K extends KeyType, Name extends string> = OpenMap<
  K,
  Name,
  WordTreeExports & LearnedExports
>;

/** What is added to the number of a kind of value: no class of trees has it. */
const OWN_VALUES = 64;

/** The kind of a class: its name, the numbers of its kinds of values among those of all classes, and its modules. */
export function learnedKind<Name extends string>(
  className: string,
  valueNumbers: Readonly<Record<Name, number>>,
  modules: WasmModules = learnedModules,
): MapKind<Name> {
  const own = Object.entries<number>(valueNumbers).map(([name, number]) => [
    name,
    OWN_VALUES + number,
  ]);
  return {
    className,
    modules,
    valueNumbers: Object.fromEntries(own) as Record<Name, number>,
    invariants,
  };
}

/**
 * Creates an index in its own memory.
 *
 * @param read options whose names were checked
 * @param value the name of the kind of its values
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`),
 *   MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
 */
export function createLearned<
  Name extends string,
  Exports extends TreeExports = WordTreeExports & LearnedExports,
>(kind: MapKind<Name>, read: RawOptions, value: Name): OpenMap<KeyType, Name, Exports> {
  const { key = "number", initialBytes, maxBytes } = read;
  const codec = ordinalCodecOf(key);
  const { expansion, rebuildDepth, tombstones, autoRebuild } = checkTuning(read);
  const map = createMap<KeyType, Name, Exports & Pick<LearnedExports, "configure">>(
    kind,
    { key: codec, width: LINE_SLOTS, initialBytes, maxBytes },
    value,
  );
  const isDouble = codec.kind === "number" || codec.kind === "date";
  const flags = (autoRebuild ? AUTO_REBUILD : 0) | (isDouble ? DOUBLES : 0);
  map.tree.exports.configure(expansion, rebuildDepth, tombstones, flags);
  return map;
}

/** The same index, whose keys are refused unless they have 8 bytes. */
export function withOrdinals<K extends KeyType, M extends { readonly codec: KeyCodec<K> }>(
  map: M & { readonly codec: KeyCodec<K> },
): M {
  return { ...map, codec: eightBytes(map.codec) };
}
