import { MassTreeBadOptionError } from "@masstree/errors";
import { badOption, describe, readOptions } from "@masstree/errors/options";
import { keyCodecs } from "@masstree/key";
import type { MapHandle } from "../handle.ts";
import type { KeyType } from "../key-types.ts";
import { mapWithin } from "../map-within.ts";
import { type MapParts, partsOf } from "../ordered-map.ts";
import { everything } from "../range.ts";
import { Scan } from "../scan.ts";
import { BlockWriter } from "./block-writer.ts";
import { Pace, type Signal } from "./pace.ts";
import { type Destination, type SaveTarget, type TargetWriter, writerOf } from "./streams.ts";

/** What can be saved and loaded: maps and sets in shared memory. */
export interface Savable {
  readonly handle: MapHandle;
  readonly size: number;
  close(): void;
}

/** How far saving or loading has come. */
export interface SaveProgress {
  /** Entries that were written or read. */
  readonly entries: number;
  /** Bytes of the file that were written or read. */
  readonly bytes: number;
}

/** Options of `save`, and of `load`. */
export interface ProgressOptions {
  /** Called again and again, after some 64 KiB each time. What it throws ends the work. */
  onProgress?: ((progress: SaveProgress) => void) | undefined;
  /**
   * An `AbortSignal` that ends the work: the call then throws its `reason`. Too late once a file is being given its
   * name: then the work is done.
   */
  signal?: Signal | undefined;
}

/**
 * Writes a map or a set to a stream, as a file that `load` reads: versioned, with checksums, its entries in key order.
 *
 * Other threads and this one may go on writing to the map. What is saved is what a scan sees: every key that is present from
 * the start to the end, with one of the values that it has meanwhile; keys that are added or removed meanwhile may be in it or
 * not.
 *
 * The next piece is made when the stream has room for it, so this takes little memory, whatever the map's size. The
 * stream is closed at the end. After an error it is aborted.
 *
 * O(size). Between pieces this thread holds nothing, and its event loop goes on.
 *
 * @param target a `WritableStream` of bytes
 * @returns what was written
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeClosedError (`MASSTREE_CLOSED`) if the map was or is
 *   closed; what the stream, `onProgress` or the signal gives
 *
 * @example
 * ```ts
 * const chunks: Uint8Array[] = [];
 * const target = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
 * map.set("a", 1).set("b", 2);
 * (await save(map, target)).entries; // => 2
 * chunks.length > 0; // => true
 * ```
 */
export async function save(
  map: Savable,
  target: SaveTarget,
  options: ProgressOptions = {},
): Promise<SaveProgress> {
  return await saveTo(map, () => ({ target }), options);
}

/**
 * The same, to a target that is opened once the arguments have been checked.
 *
 * @param open gets the signal, so that the target can see for itself whether it is told to give up
 * @internal
 */
export async function saveTo(
  map: Savable,
  open: (signal: Signal | undefined) => Destination,
  options: ProgressOptions = {},
): Promise<SaveProgress> {
  const { pace, onProgress } = checkProgress(options);
  const parts = savedParts(map);
  pace.check();
  const destination = open(pace.signal);
  const writer = writerOf(destination.target);
  try {
    return await write(parts, writer, pace, onProgress, destination);
  } catch (error) {
    // Not awaited: it may be stuck. The caller gets the first error.
    writer.abort(error).catch(() => {});
    await destination.ended;
    throw error;
  }
}

async function write(
  { tree, values, handle }: MapParts<KeyType, unknown>,
  writer: TargetWriter,
  pace: Pace,
  onProgress: ((progress: SaveProgress) => void) | undefined,
  destination: Destination,
): Promise<SaveProgress> {
  const blocks = new BlockWriter();
  const saved = {
    pinned: values.pinned,
    keep: values.keep.bind(values),
    read: values.savedBytes.bind(values),
  };
  // Keys as they are stored.
  const scan = new Scan(tree, keyCodecs.bytes, saved, everything);
  let bytes = 0;
  const put = async (chunk: Uint8Array<ArrayBuffer>) => {
    bytes += chunk.length;
    await pace.until(writer.ready);
    await pace.until(writer.write(chunk));
  };
  try {
    const { masstree: className, key, value } = handle;
    await put(blocks.header({ className, key, value }));
    while (scan.next()) {
      blocks.add(scan.key(), scan.value());
      if (!blocks.isFull) continue;
      await put(blocks.take());
      onProgress?.({ entries: blocks.entries, bytes });
      await pace.breathe();
    }
    if (!blocks.isEmpty) await put(blocks.take());
    await put(blocks.trailer());
  } finally {
    scan.stop();
  }
  const result = { entries: blocks.entries, bytes };
  // Last: from here on nothing but the target can fail.
  onProgress?.(result);
  await pace.until(writer.close(), () => destination.isDecided?.() ?? false);
  return result;
}

/** @internal */
export function checkProgress(options: ProgressOptions): {
  readonly pace: Pace;
  readonly onProgress: ((progress: SaveProgress) => void) | undefined;
} {
  const { onProgress, signal } = readOptions(options, ["onProgress", "signal"]);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw badOption("onProgress", "a function", onProgress);
  }
  const isSignal = typeof signal === "object" && signal !== null && "aborted" in signal;
  if (signal !== undefined && !isSignal) throw badOption("signal", "an AbortSignal", signal);
  return {
    pace: new Pace(signal as Signal | undefined),
    onProgress: onProgress as ((progress: SaveProgress) => void) | undefined,
  };
}

function savedParts(map: Savable): MapParts<KeyType, unknown> {
  const within = mapWithin(map);
  if (within !== undefined) return partsOf(within);
  throw new MassTreeBadOptionError(
    `'save' takes a MassTree, a MassTreeInline or a MassTreeSet, not ${describe(map)}.`,
  );
}
