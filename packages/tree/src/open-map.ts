import { MassTreeBadHandleError } from "@masstree/errors";
import { type KeyCodec, keyCodecs } from "@masstree/key";
import { type RegionHeader, readHeader } from "@masstree/memory";
import { describe } from "./describe.ts";
import { checkHandle, type MapHandle } from "./handle.ts";
import { TreeInstance } from "./instance.ts";
import { type KeyName, type KeyType, keyNames, keyNumber } from "./key-types.ts";
import type { WasmModules } from "./modules.ts";
import { checkOptions } from "./options.ts";
import type { TreeExports } from "./tree-exports.ts";

/** What tells the classes of maps apart. @internal */
export interface MapKind<ValueName extends string> {
  readonly className: MapHandle["masstree"];
  readonly modules: WasmModules;
  /** The number by which the region's header names each kind of value; not 0. */
  readonly valueNumbers: Readonly<Record<ValueName, number>>;
}

/** An open tree, and how its keys are written. @internal */
export interface OpenMap<
  K extends KeyType,
  ValueName extends string,
  Exports extends TreeExports = TreeExports,
> {
  readonly tree: TreeInstance<Exports>;
  readonly codec: KeyCodec<K>;
  readonly value: ValueName;
  readonly handle: MapHandle;
}

// Words of the region's header that describe its map.
const configWidth = 0;
const configKey = 1;
const configValue = 2;
const configTreeLayout = 3;

/**
 * Makes a map.
 *
 * @param options as the constructors take them; `value` was checked and is `value`
 * @internal
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
 * Checks a handle, first by itself and then against the memory, without touching either.
 *
 * @returns the name of the kind of value
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`)
 * @internal
 */
export function checkedHandle<ValueName extends string>(
  kind: MapKind<ValueName>,
  handle: unknown,
): MapHandle & { readonly value: ValueName } {
  checkHandle(handle, kind.className);
  const { layout, width, key, value, memory } = handle;
  const header = readHeader(memory);
  const { config } = header;
  if (layout !== layoutOf(header)) {
    throw new MassTreeBadHandleError(
      `The handle is of layout ${layout} and its memory of layout ${layoutOf(header)}. Use the same version of masstree in all threads.`,
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
 * Opens a map that is there.
 *
 * @param handle from `checkedHandle`
 * @internal
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
