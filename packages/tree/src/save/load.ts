import { MassTreeBadFileError, MassTreeBadOptionError } from "@masstree/errors";
import { badOption, describe, readOptions } from "@masstree/errors/options";
import { type AnyKeyOption, type KeyName, keyNames } from "../key-types.ts";
import { mapWithin } from "../map-within.ts";
import type { MapOptions } from "../options.ts";
import { partsOf } from "../ordered-map.ts";
import { BlockReader } from "./block-reader.ts";
import { Filler } from "./filler.ts";
import { NO_VALUE, type SavedKind } from "./format.ts";
import { checkProgress, type ProgressOptions, type Savable } from "./save.ts";
import { type LoadSource, SourceBytes } from "./streams.ts";

/** Options of `load`. */
export interface LoadOptions extends MapOptions, ProgressOptions {
  /**
   * The key codec, if the map was created with one, such as `tuple(...)`: a file cannot hold it. Optional
   * for keys of a kind with a name.
   */
  key?: AnyKeyOption | undefined;
  /**
   * The value codec, if the map was created with one of your own; it must have the name of that one.
   * Optional for other maps.
   */
  value?: unknown;
}

/** A class of maps that can be loaded, such as `MassTree<Page>`. */
// biome-ignore lint/suspicious/noExplicitAny: any options, of which each class has its own.
export type MapClass<M> = new (options: any) => M;

/**
 * Reads what `save` wrote into a new map or set, and returns it once all of it has been read and checked: otherwise
 * there is none.
 *
 * The file says what kinds of key and value the map has. Its checksums are about accidents: it is read only from where you
 * trust. Whatever it holds, it cannot harm the memory. Values are not decoded: if they are not what their codec
 * writes, `get` throws.
 *
 * O(size). The event loop goes on meanwhile.
 *
 * @param Class the class of the map that was saved, or one on it: `MassTree`, `MassTreeInline`, `MassTreeSet`. The types are not
 *   checked: `MassTree<Page>` says what they are
 * @param source a `ReadableStream` of bytes, or an iterable of their pieces, asynchronous or not
 * @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`) whose `offset` says where; MassTreeBadOptionError
 *   (`MASSTREE_BAD_OPTION`) if a codec is missing or another one, or the class is; MassTreeFullError
 *   (`MASSTREE_FULL`) if `maxBytes` is too little; what `new Class`, the source, `onProgress` or the signal throws
 *
 * @example
 * ```ts
 * const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
 * map.set("a", 1).set("b", 2);
 * const [, copy] = await Promise.all([save(map, writable), load(MassTreeInline, readable)]);
 * [...copy.entries()]; // => [["a", 1], ["b", 2]]
 * copy.close();
 * ```
 */
export async function load<M extends Savable>(
  Class: MapClass<M>,
  source: LoadSource,
  options: LoadOptions = {},
): Promise<M> {
  return await loadFrom(Class, () => source, options);
}

/** The same, from a source that is opened once the arguments have been checked. @internal */
export async function loadFrom<M extends Savable>(
  Class: MapClass<M>,
  openSource: () => LoadSource,
  options: LoadOptions = {},
): Promise<M> {
  const { onProgress, signal, ...open } = readOptions(options, [
    "key",
    "value",
    "width",
    "initialBytes",
    "maxBytes",
    "onProgress",
    "signal",
  ]);
  const progress = checkProgress({ onProgress, signal } as ProgressOptions);
  if (typeof Class !== "function") throw badOption("Class", "a class of maps", Class);
  progress.pace.check();
  const bytes = new SourceBytes(openSource(), progress.pace);
  let map: M | undefined;
  try {
    const blocks = new BlockReader(bytes);
    const kind = await blocks.header();
    map = openFor(Class, kind, open);
    const filler = new Filler(partsOf(mapWithin(map)!));
    while (await blocks.block(filler.add)) {
      progress.onProgress?.({ entries: blocks.entries, bytes: bytes.offset });
      await progress.pace.breathe();
    }
    filler.finish();
    progress.onProgress?.({ entries: blocks.entries, bytes: bytes.offset });
    return map;
  } catch (error) {
    bytes.stop(error);
    map?.close();
    throw error;
  }
}

/** An empty map of the kind that was saved. */
function openFor<M extends Savable>(
  Class: MapClass<M>,
  { className, key, value }: SavedKind,
  options: Readonly<Record<"key" | "value" | "width" | "initialBytes" | "maxBytes", unknown>>,
): M {
  if (!isOnClass(Class, className)) {
    throw new MassTreeBadFileError(
      `This file holds a ${describe(className)}. Load it with that class, or one on it.`,
      0,
    );
  }
  if (options.key === undefined && !keyNames.includes(key as KeyName)) throw missing("key", key);
  if (options.value === undefined && value.startsWith("custom")) throw missing("value", value);
  const kinds = {
    key: options.key ?? key,
    value: options.value ?? (value === NO_VALUE ? undefined : value),
  };
  const given = Object.fromEntries(
    Object.entries({ ...options, ...kinds }).filter(([, member]) => member !== undefined),
  );
  const map = new Class(given);
  if (mapWithin(map) === undefined) throw badOption("Class", "a class of maps", Class);
  const { handle } = map;
  const differs = handle.key !== key ? "key" : handle.value !== value ? "value" : undefined;
  if (handle.masstree === className && differs === undefined) return map;
  map.close();
  throw new MassTreeBadOptionError(
    differs === undefined
      ? `This file holds a ${describe(className)}, not ${handle.masstree}.`
      : `The option '${differs}' must be what the map was saved with, which is of kind ${describe(differs === "key" ? key : value)}. This one is of kind ${describe(handle[differs])}.`,
  );
}

function isOnClass(Class: unknown, name: string): boolean {
  for (let one = Class; typeof one === "function"; one = Object.getPrototypeOf(one)) {
    if (one.name === name) return true;
  }
  return false;
}

function missing(option: string, kind: string): MassTreeBadOptionError {
  return new MassTreeBadOptionError(
    `The ${option}s of this map are of kind ${describe(kind)}. A file cannot hold their codec: pass it to 'load' as the option '${option}'.`,
  );
}
