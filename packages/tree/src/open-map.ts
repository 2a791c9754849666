import { MassTreeBadHandleError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { type KeyCodec, keyCodecs } from "@masstree/key";
import { type RegionHeader, readHeader } from "@masstree/memory";
import { checkHandle, type MapHandle } from "./handle.ts";
import { TreeInstance } from "./instance.ts";
import { type KeyName, type KeyType, keyNames, keyNumber } from "./key-types.ts";
import type { WasmModules } from "./modules.ts";
import { checkOptions } from "./options.ts";
import type { TreeExports } from "./tree-exports.ts";

/** What tells the classes of maps apart. */
export interface MapKind<ValueName extends string> {
  /** The class's name, which its handles carry: handles of others are refused. */
  readonly className: string;
  /** The code of its tree: `treeModules`, or a tree with operations of one's own. */
  readonly modules: WasmModules;
  /**
   * The number by which the region's header names each kind of value: 1 to 2^32 - 1, and one that no other
   * class of maps uses.
   */
  readonly valueNumbers: Readonly<Record<ValueName, number>>;
}

/** An open tree, and how its keys are written: with how values are read, what {@link OrderedMap} takes. */
export interface OpenMap<
  K extends KeyType,
  ValueName extends string,
  Exports extends TreeExports = TreeExports,
> {
  readonly tree: TreeInstance<Exports>;
  readonly codec: KeyCodec<K>;
  /** The kind of value: a name of the kind's `valueNumbers`. */
  readonly value: ValueName;
  readonly handle: MapHandle;
}

// Words of the region's header that describe its map.
const configWidth = 0;
const configKey = 1;
const configValue = 2;
const configTreeLayout = 3;

/**
 * Makes a memory with an empty map in it, and opens it: for the constructor of a class of maps.
 *
 * @param options as constructors take them: `key`, `width`, `initialBytes` and `maxBytes` are checked
 *   here, and the class has checked `value`
 * @param value what `value` came to: a name of `kind.valueNumbers`
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) when not
 *   even an empty map fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
 */
export function createMap<
  K extends KeyType,
  ValueName extends string,
  Exports extends TreeExports = TreeExports,
>(kind: MapKind<ValueName>, options: object, value: ValueName): OpenMap<K, ValueName, Exports> {
  const { key, width, initialPages, maximumPages } = checkOptions(options, kind.modules);
  const tree = TreeInstance.create<Exports>(kind.modules, {
    width,
    keyNumber: keyNumber(key),
    valueNumber: kind.valueNumbers[value],
    initialPages,
    maximumPages,
  });
  const { memory } = tree;
  const layout = layoutOf(readHeader(memory));
  const handle = Object.freeze({ masstree: kind.className, layout, width, key, value, memory });
  return { tree, codec: codecOf(key), value, handle };
}

/**
 * Checks a handle, first by itself and then against the memory, without changing either: for `attach` of
 * a class of maps, before {@link attachMap}.
 *
 * @param handle what the caller passed
 * @returns a handle of this kind of map, made anew
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) for what is no handle, one of another class,
 *   another layout, or one that does not say what the memory holds
 */
export function checkedHandle<ValueName extends string>(
  kind: MapKind<ValueName>,
  handle: unknown,
): MapHandle & { readonly value: ValueName } {
  const { layout, width, key, value, memory } = checkHandle(handle, kind.className);
  const header = readHeader(memory);
  const { config } = header;
  if (layout !== layoutOf(header)) {
    throw new MassTreeBadHandleError(
      `The handle is of layout ${describe(layout)} and its memory of layout "${layoutOf(header)}". Use the same version of masstree in all threads.`,
    );
  }
  const valueNumber = new Map(Object.entries<number>(kind.valueNumbers)).get(value);
  const agrees =
    keyNames.includes(key) &&
    config[configKey] === keyNumber(key) &&
    config[configValue] === valueNumber &&
    config[configWidth] === width;
  if (!agrees || !kind.modules.has(width)) {
    throw new MassTreeBadHandleError(
      `The handle says width ${width}, ${describe(key)} keys and ${describe(value)} values, which is not what its memory holds. Send the handle as it is.`,
    );
  }
  return { masstree: kind.className, layout, width, key, value: value as ValueName, memory };
}

/**
 * Opens a map that is there, as one more participant: for `attach` of a class of maps.
 *
 * @param handle from {@link checkedHandle}
 * @throws MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
 *   (`MASSTREE_FULL`) when no room is left for another participant, MassTreeBadHandleError
 *   (`MASSTREE_BAD_HANDLE`) when the memory does not hold a map after all
 */
export function attachMap<
  K extends KeyType,
  ValueName extends string,
  Exports extends TreeExports = TreeExports,
>(
  kind: MapKind<ValueName>,
  handle: MapHandle & { readonly value: ValueName },
): OpenMap<K, ValueName, Exports> {
  const { memory, width, key, value } = handle;
  const tree = TreeInstance.attach<Exports>(kind.modules, memory, width);
  return { tree, codec: codecOf(key), value, handle: Object.freeze(handle) };
}

/** The versions of both layouts that matter: the region's and the tree's. */
function layoutOf({ layoutVersion, config }: RegionHeader): string {
  return `${layoutVersion}.${config[configTreeLayout]}`;
}

// The option `key` and the type K are tied together by the constructors' types.
function codecOf<K extends KeyType>(key: KeyName): KeyCodec<K> {
  return keyCodecs[key] as unknown as KeyCodec<K>;
}
