/**
 * `@masstree/tree/node`: what needs Node's modules. Saves a map or a set to a file or a stream of Node's, and loads it from there.
 */
import { fileURLToPath } from "node:url";
import { type LoadOptions, loadFrom, type MapClass } from "./save/load.ts";
import { fileSource, fileTarget } from "./save/node-file.ts";
import { type NodeWritable, nodeTarget } from "./save/node-stream.ts";
import { type ProgressOptions, type Savable, type SaveProgress, saveTo } from "./save/save.ts";
import type { LoadSource, SaveTarget } from "./save/streams.ts";

export type { NodeWritable } from "./save/node-stream.ts";
export type * from "./save/types.ts";

/** The path of a file, or its `file:` URL. */
export type FilePath = string | { readonly href: string };

/**
 * Writes a map or a set to a file, or to a stream of Node's or of the web. Otherwise as `save` of `@masstree/tree/save`.
 *
 * A file is replaced in one step, once all of it is written and forced to the disk: whatever happens, and whenever
 * somebody else looks, there is the whole file from before or the whole new one. After an error, the one from before is
 * still there.
 *
 * @param target the path of a file, its `file:` URL, a `Writable` of node:stream, or a `WritableStream`
 * @throws as `save` of `@masstree/tree/save`, and what the file system gives
 *
 * @example
 * ```ts
 * map.set("a", 1).set("b", 2);
 * const file = new URL("numbers.masstree", import.meta.url);
 * await save(map, file);
 * const copy = await load(MassTreeInline, file);
 * copy.get("b"); // => 2
 * copy.close();
 * ```
 */
export async function save(
  map: Savable,
  target: FilePath | NodeWritable | SaveTarget,
  options?: ProgressOptions,
): Promise<SaveProgress> {
  const path = pathOf(target);
  if (path !== undefined) return await saveTo(map, (signal) => fileTarget(path, signal), options);
  const isWeb = typeof (target as Partial<SaveTarget> | null)?.getWriter === "function";
  const isNode = typeof (target as Partial<NodeWritable> | null)?.write === "function";
  const open = () => ({
    target: isNode && !isWeb ? nodeTarget(target as NodeWritable) : (target as SaveTarget),
  });
  return await saveTo(map, open, options);
}

/**
 * Reads what `save` wrote into a new map or set. Otherwise as `load` of `@masstree/tree/save`.
 *
 * @param source the path of a file, its `file:` URL, a `Readable` of node:stream, a `ReadableStream`, or an iterable of
 *   `Uint8Array`s
 * @throws as `load` of `@masstree/tree/save`, and what the file system gives
 */
export async function load<M extends Savable>(
  Class: MapClass<M>,
  source: FilePath | LoadSource,
  options?: LoadOptions,
): Promise<M> {
  const path = pathOf(source);
  const open = () => (path === undefined ? (source as LoadSource) : fileSource(path));
  return await loadFrom(Class, open, options);
}

function pathOf(place: unknown): string | undefined {
  if (typeof place === "string") return place;
  return place instanceof URL ? fileURLToPath(place) : undefined;
}
