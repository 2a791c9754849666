/*
 * `getMany` and its like: the keys go into the tree in batches, one call for each.
 *
 * Keys are encoded as the caller's iterable gives them, so that it may use one array for all of them. Writes encode
 * everything before the first is made, so that a wrong key or value changes nothing.
 */
import { isConstant, isString, theKey, withThoseAhead } from "./ahead.ts";
import { pairOf } from "./arguments.ts";
import { EntryBatch, type PackedEntries, skipEntries } from "./entry-batch.ts";
import { EntryBuffer } from "./entry-buffer.ts";
import { ENTRIES, ENTRY_BYTES, PUT_ALWAYS, PUT_FULL } from "./exports.ts";
import { fullError } from "./full-error.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import type { MapParts } from "./ordered-map.ts";

/** An entry whose value does not fit in a batch. */
interface LongEntry {
  readonly key: Uint8Array;
  readonly stored: unknown;
}

/** See `OrderedMap.getMany`. @internal */
export function getMany<K extends KeyType, V>(
  map: MapParts<K, V>,
  keys: Iterable<K>,
): (V | undefined)[] {
  const found: (V | undefined)[] = [];
  inBatches(map, keys, (batch) => {
    const first = found.length;
    for (let i = 0; i < batch.count; i++) found.push(undefined);
    readBatch(map, batch, first, found);
  });
  return found;
}

/** See `OrderedMap.hasMany`. @internal */
export function hasMany<K extends KeyType, V>(map: MapParts<K, V>, keys: Iterable<K>): boolean[] {
  const found: boolean[] = [];
  inBatches(map, keys, ({ views, next, count }) => {
    const { tree } = map;
    const first = found.length;
    for (let i = 0; i < count; i++) found.push(false);
    send(tree, views.bytes.subarray(0, next));
    const present = tree.exports.findMany(count);
    const { u32 } = tree.result;
    for (let i = 0, entry = ENTRIES; i < present; i++, entry += u32[(entry + ENTRY_BYTES) / 4]!) {
      found[first + u32[entry / 4]!] = true;
    }
  });
  return found;
}

/** See `OrderedMap.setMany`. @internal */
export function setMany<K extends KeyType, V>(
  map: MapParts<K, V>,
  entries: Iterable<readonly [K, V]>,
): void {
  let written = 0;
  for (const part of encodeAll(map, entries)) {
    if ("count" in part) {
      putBatch(map.tree, part, written);
      written += part.count;
    } else {
      putLong(map, part, written);
      written++;
    }
  }
}

/** See `OrderedMap.deleteMany`. @internal */
export function deleteMany<K extends KeyType, V>(map: MapParts<K, V>, keys: Iterable<K>): number {
  const { tree } = map;
  const parts: PackedEntries[] = [];
  inBatches(map, keys, (batch) => parts.push(batch.pack()));
  let removed = 0;
  for (const { bytes, count } of parts) {
    send(tree, bytes);
    removed += tree.exports.removeMany(count);
  }
  return removed;
}

/** Encodes keys, and hands them over whenever a batch is full, and at the end. */
function inBatches<K extends KeyType, V>(
  { tree, codec }: MapParts<K, V>,
  keys: Iterable<K>,
  handle: (batch: EntryBatch) => void,
): void {
  const batch = takeBatch(tree);
  const add = (key: K) => {
    if (batch.isFull) {
      handle(batch);
      batch.clear();
    }
    batch.add(batch.writeKey(codec, key));
  };
  try {
    if (codec.isText) withThoseAhead(keys, theKey, isString, add);
    else for (const key of keys) add(key);
    if (batch.count !== 0) handle(batch);
  } finally {
    giveBatch(tree, batch);
  }
}

function encodeAll<K extends KeyType, V>(
  { tree, codec, values }: MapParts<K, V>,
  entries: Iterable<readonly [K, V]>,
): (PackedEntries | LongEntry)[] {
  const parts: (PackedEntries | LongEntry)[] = [];
  const batch = takeBatch(tree);
  const pack = () => {
    if (batch.count !== 0) parts.push(batch.pack());
  };
  const add = ([key, value]: readonly [K, V]) => {
    if (batch.isFull) pack();
    const keyEnd = batch.writeKey(codec, key);
    const end = values.writeValue(batch.views, batch.next, keyEnd, value);
    if (typeof end === "number") {
      batch.add(end);
    } else {
      const key = batch.dropKey(keyEnd);
      pack();
      parts.push({ key, stored: end.stored });
    }
  };
  try {
    if (codec.isText) withThoseAhead(entries, pairOf, isConstant, add);
    else for (const entry of entries) add(pairOf(entry));
    pack();
  } finally {
    giveBatch(tree, batch);
  }
  return parts;
}

/** A batch that nobody else writes to until `giveBatch`. The caller's code may begin another operation meanwhile. */
function takeBatch(tree: TreeInstance): EntryBatch {
  const batch = tree.spareBatch ?? new EntryBatch();
  tree.spareBatch = undefined;
  return batch;
}

function giveBatch(tree: TreeInstance, batch: EntryBatch): void {
  batch.clear();
  if (!tree.closed) tree.spareBatch = batch;
}

/** Writes entries where the tree reads them. */
function send(tree: TreeInstance, bytes: Uint8Array): void {
  tree.checkOpen();
  tree.result.bytes.set(bytes, ENTRIES);
}

/** Looks the keys of a batch up, and writes the values that there are to `found`, from index `first` on. */
function readBatch<K extends KeyType, V>(
  { tree, values }: MapParts<K, V>,
  batch: EntryBatch,
  first: number,
  found: (V | undefined)[],
): void {
  const { bytes, u32: keys } = batch.views;
  const buffer = tree.spare ?? new EntryBuffer();
  tree.spare = undefined;
  let start = 0;
  let done = 0;
  while (done < batch.count) {
    send(tree, bytes.subarray(start, batch.next));
    const { exports } = tree;
    let present: number;
    let kept = 0;
    tree.holding = values.pinned;
    if (values.pinned) exports.pin();
    try {
      present = values.findMany(batch.count - done);
      if (present !== 0) kept = values.keep(buffer, present, 0);
    } finally {
      if (values.pinned) exports.unpin();
      tree.holding = false;
    }
    const { u32 } = buffer.views;
    let entry = 0;
    for (let i = 0; i < kept; i++, entry += u32[(entry + ENTRY_BYTES) / 4]!) {
      found[first + done + u32[entry / 4]!] = values.read(buffer, entry);
    }
    const passed = kept === present ? batch.count - done : u32[entry / 4]!;
    start = skipEntries(keys, start, passed);
    done += passed;
  }
  if (!tree.closed) tree.spare = buffer;
}

/** Sets the entries of a batch. `written` entries were set before. */
function putBatch(tree: TreeInstance, { bytes, count }: PackedEntries, written: number): void {
  const u32 = new Uint32Array(bytes.buffer);
  let start = 0;
  let done = 0;
  let isSecondTry = false;
  while (true) {
    send(tree, bytes.subarray(start));
    const put = tree.exports.putMany(count - done);
    done += put;
    if (done === count) return;
    if (put === 0 && isSecondTry) throw fullError(tree, written + done);
    start = skipEntries(u32, start, put);
    tree.exports.quiesce();
    isSecondTry = true;
  }
}

function putLong<K extends KeyType, V>(
  { tree, values }: MapParts<K, V>,
  { key, stored }: LongEntry,
  written: number,
): void {
  const put = () => {
    tree.checkOpen();
    tree.key.set(key);
    return values.put(key.length, PUT_ALWAYS);
  };
  values.stageStored(stored);
  try {
    if (put() !== PUT_FULL) return;
    tree.exports.quiesce();
    if (put() === PUT_FULL) throw fullError(tree, written);
  } finally {
    values.unstage();
  }
}
