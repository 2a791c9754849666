import { MassTreeBadHandleError, MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { type KeyCodec, textDecoder, textEncoder } from "@masstree/key";
import { type RegionHeader, readHeader } from "@masstree/memory";
import type { WasmModules } from "@masstree/session";
import {
  CONFIG_KEY,
  CONFIG_TREE_LAYOUT,
  CONFIG_VALUE,
  CONFIG_WIDTH,
  type TreeExports,
} from "./exports.ts";
import { checkHandle, type MapHandle } from "./handle.ts";
import { TreeInstance } from "./instance.ts";
import {
  type KeyName,
  type KeyType,
  keyCodecOf,
  keyNames,
  keyNumber,
  textNumber,
} from "./key-types.ts";
import { mapWithin } from "./map-within.ts";
import { checkOptions, notLoaded, ON_DEMAND } from "./options.ts";

/** What distinguishes the classes of maps. */
export interface MapKind<ValueName extends string> {
  /** The class's name, which its handles carry: handles of other classes are refused. */
  readonly className: string;
  /** The code of its tree: `treeModules`, or a tree with operations of your own. */
  readonly modules: WasmModules;
  /**
   * The number that stands for each kind of value in the region's header: 1 to 2^32 - 1, and not
   * used by any other class of maps.
   */
  readonly valueNumbers: Readonly<Record<ValueName, number>>;
  /** Whether there are kinds `custom(NAME)` besides: codecs of callers that have a name. */
  readonly customValues?: boolean;
  /** What the codes of its `verify` mean, in order from 1. Default: those of the tree. */
  readonly invariants?: readonly string[];
}

/**
 * An open tree, and how its keys are written. Together with how values are read, this is what
 * {@link OrderedMap} needs.
 */
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

/**
 * Creates a memory with an empty map in it, and opens it: for the constructor of a class of maps.
 *
 * @param options as passed to the constructor. `key`, `width`, `initialBytes` and `maxBytes` are
 *   checked here; the class has checked `value`
 * @param value the kind of value: a name of `kind.valueNumbers`
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if
 *   not even an empty map fits in `maxBytes`, MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`),
 *   MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
 */
export function createMap<
  K extends KeyType,
  ValueName extends string,
  Exports extends TreeExports = TreeExports,
>(kind: MapKind<ValueName>, options: object, value: ValueName): OpenMap<K, ValueName, Exports> {
  const { key: codec, width, initialPages, maximumPages } = checkOptions(options, kind.modules);
  requireText();
  const key = codec.kind;
  const tree = TreeInstance.create<Exports>(kind.modules, {
    width,
    keyNumber: keyNumber(key),
    valueNumber: valueNumber(kind, value)!,
    initialPages,
    maximumPages,
  });
  if (kind.invariants !== undefined) tree.invariants = kind.invariants;
  const { memory } = tree;
  const layout = layoutOf(readHeader(memory));
  const handle = Object.freeze({ masstree: kind.className, layout, width, key, value, memory });
  return { tree, codec: codec as KeyCodec<K>, value, handle };
}

/**
 * Checks a handle, first by itself and then against the memory, and changes neither: for `attach`
 * of a class of maps, before {@link attachMap}.
 *
 * @param handle what the caller passed
 * @returns a new handle of this kind of map
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) if it is not a handle, is of another class
 *   or layout, or does not match what the memory holds; MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) if
 *   it is of a width that this thread has not imported
 */
export function checkedHandle<ValueName extends string>(
  kind: MapKind<ValueName>,
  handle: unknown,
): MapHandle & { readonly value: ValueName } {
  const { layout, width, key, value, memory } = checkHandle(
    handle,
    kind.className,
    (object) => mapWithin(object) !== undefined,
  );
  const header = readHeader(memory);
  const { config } = header;
  if (layout !== layoutOf(header)) {
    throw new MassTreeBadHandleError(
      `The handle has layout ${describe(layout)}, but its memory has layout "${layoutOf(header)}". Use the same version of masstree in all threads.`,
    );
  }
  const agrees =
    config[CONFIG_KEY] === keyNumber(key) &&
    config[CONFIG_VALUE] === valueNumber(kind, value) &&
    config[CONFIG_WIDTH] === width;
  if (agrees && width === ON_DEMAND && !kind.modules.has(width)) throw notLoaded();
  if (!agrees || !kind.modules.has(width)) {
    throw new MassTreeBadHandleError(
      `The handle says width ${width}, ${describe(key)} keys and ${describe(value)} values, but its memory holds something else. Send the handle unchanged.`,
    );
  }
  return { masstree: kind.className, layout, width, key, value: value as ValueName, memory };
}

/**
 * Opens an existing map as one more participant: for `attach` of a class of maps.
 *
 * @param handle from {@link checkedHandle}
 * @param key the option `key`: the map's key codec, which a handle cannot carry. Optional if the kind
 *   of key has a name
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `key` is missing or another codec,
 *   MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
 *   (`MASSTREE_FULL`) if there is no room for another participant, MassTreeBadHandleError
 *   (`MASSTREE_BAD_HANDLE`) if the memory does not hold a map after all
 */
export function attachMap<
  K extends KeyType,
  ValueName extends string,
  Exports extends TreeExports = TreeExports,
>(
  kind: MapKind<ValueName>,
  handle: MapHandle & { readonly value: ValueName },
  key?: unknown,
): OpenMap<K, ValueName, Exports> {
  const { memory, width, value } = handle;
  const codec = attachedCodec<K>(handle.key, key);
  requireText();
  const tree = TreeInstance.attach<Exports>(kind.modules, memory, width);
  if (kind.invariants !== undefined) tree.invariants = kind.invariants;
  return { tree, codec, value, handle: Object.freeze(handle) };
}

/** The number that stands for a kind of value in the region's header; undefined if there is no such kind. */
function valueNumber(kind: MapKind<string>, value: string): number | undefined {
  const { valueNumbers, customValues } = kind;
  if (Object.hasOwn(valueNumbers, value)) return valueNumbers[value];
  return customValues && value.startsWith("custom(") ? textNumber(value) : undefined;
}

/** Says at once what a long key or a value would miss later. */
function requireText(): void {
  textEncoder();
  textDecoder();
}

/** The versions of the two layouts: the region's and the tree's. */
function layoutOf({ layoutVersion, config }: RegionHeader): string {
  return `${layoutVersion}.${config[CONFIG_TREE_LAYOUT]}`;
}

// The constructors' types tie the option `key` and the type K together.
function attachedCodec<K extends KeyType>(kind: string, key: unknown): KeyCodec<K> {
  const isNamed = keyNames.includes(kind as KeyName);
  if (key === undefined && isNamed) return keyCodecOf(kind) as KeyCodec<K>;
  if (key === undefined) {
    throw new MassTreeBadOptionError(
      `The keys of this map are of kind "${kind}". A handle cannot carry their codec: pass it to 'attach' as the option 'key'.`,
    );
  }
  const codec = keyCodecOf(key);
  if (codec.kind === kind) return codec as KeyCodec<K>;
  throw new MassTreeBadOptionError(
    `The option 'key' must be what the map was created with, which is of kind "${kind}". This one is of kind "${codec.kind}".`,
  );
}
