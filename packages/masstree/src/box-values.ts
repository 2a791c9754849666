import { copyBytes } from "@masstree/key";
import type { Views } from "@masstree/session";
import {
  copyLike,
  ENTRIES,
  ENTRY_VALUE,
  type EntryBuffer,
  type GuardMemory,
  type MapValues,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_REFUSED,
  PUT_REPLACED,
  type TreeInstance,
  WORD_OUT,
} from "@masstree/tree";
import {
  append,
  expectBytes,
  fetch,
  fetched,
  fetchPrevious,
  payloadLength,
  release,
  store,
  view,
} from "./boxes.ts";
import { ByteValues, copyOf } from "./byte-values.ts";
import type { BoxExports } from "./exports.ts";
import { staged, stageStored, unstage } from "./stage.ts";
import type { Values } from "./values.ts";

/**
 * Values of any size. For scans, payloads are copied while the thread is pinned (box.ts `copyBoxes`), and the entries'
 * value words then name places in the copies: u32 offset, u32 length.
 */
export class BoxValues<V> extends ByteValues<V> implements MapValues<V, Uint8Array> {
  readonly pinned = true;
  readonly #tree: TreeInstance<BoxExports>;
  readonly #values: Values<V>;
  /** How many bytes are staged. */
  #staged = 0;
  /** What `swap` or `take` found, and how many of these bytes belong to it. */
  #previous: Uint8Array | undefined;
  #previousLength = 0;

  constructor(tree: TreeInstance<BoxExports>, values: Values<V>) {
    super(values);
    this.#tree = tree;
    this.#values = values;
  }

  stage(value: V): void {
    this.#staged = this.#values.stage(value);
  }

  unstage(): void {
    unstage();
  }

  get(keyLength: number): V | undefined {
    const length = fetch(this.#tree, keyLength);
    if (length < 0) return undefined;
    const bytes = fetched;
    release();
    return this.#values.read(bytes, 0, length);
  }

  put(keyLength: number, condition: number, expected?: Uint8Array): number {
    const tree = this.#tree;
    if (condition === PUT_IF_EQUAL) return this.#putIfEqual(keyLength, expected!);
    // A key that is there needs no box, for which there may be no memory.
    if (condition === PUT_IF_ABSENT && tree.exports.has(keyLength) !== 0) return PUT_REFUSED;
    return store(tree, keyLength, this.#staged, condition);
  }

  swap(keyLength: number, condition: number): number {
    const tree = this.#tree;
    if (condition === PUT_IF_ABSENT) {
      // As in `put`.
      const length = fetch(tree, keyLength);
      if (length >= 0) {
        this.#keepFetched(length);
        return PUT_REFUSED;
      }
    }
    // Pinned before the write, so that what it replaces is not reclaimed before it is copied.
    tree.holding = true;
    tree.exports.pin();
    try {
      const outcome = store(tree, keyLength, this.#staged, condition);
      const isThere =
        outcome === PUT_REPLACED || (outcome === PUT_REFUSED && condition === PUT_IF_ABSENT);
      if (isThere) this.#keepFetched(fetchPrevious(tree));
      return outcome;
    } finally {
      tree.exports.unpin();
      tree.holding = false;
    }
  }

  take(keyLength: number): boolean {
    const tree = this.#tree;
    // Pinned as in `swap`.
    tree.holding = true;
    tree.exports.pin();
    try {
      if (tree.exports.remove(keyLength) === 0) return false;
      this.#keepFetched(fetchPrevious(tree));
      return true;
    } finally {
      tree.exports.unpin();
      tree.holding = false;
    }
  }

  findMany(count: number): number {
    return this.#tree.exports.findBoxes(count);
  }

  writeValue(
    { bytes, u32 }: Views,
    entry: number,
    end: number,
    value: V,
  ): number | { readonly stored: Uint8Array } {
    const length = this.#values.stage(value);
    if (length > bytes.length - end) {
      const stored = copyOf(staged, length);
      unstage();
      return { stored };
    }
    copyBytes(staged, 0, length, bytes, end);
    unstage();
    u32[(entry + ENTRY_VALUE) / 4] = length;
    u32[(entry + ENTRY_VALUE) / 4 + 1] = 0;
    return end + length;
  }

  stageStored(stored: Uint8Array): void {
    this.#staged = stageStored(stored);
  }

  decode(stored: Uint8Array): V {
    return this.#values.read(stored, 0, stored.length);
  }

  fetch(keyLength: number): Uint8Array | undefined {
    const length = fetch(this.#tree, keyLength);
    if (length < 0) return undefined;
    const bytes = copyOf(fetched, length);
    release();
    return bytes;
  }

  append(keyLength: number): number {
    return append(this.#tree, keyLength, this.#staged);
  }

  removeEqual(keyLength: number, expected: Uint8Array): boolean {
    const remove = () => this.#tree.exports.removeEqual(keyLength);
    return this.#ifEqual(keyLength, expected, 0, remove) !== 0;
  }

  // Its own method: the closure would cost every `put` an allocation.
  #putIfEqual(keyLength: number, expected: Uint8Array): number {
    const put = () => store(this.#tree, keyLength, this.#staged, PUT_IF_EQUAL);
    return this.#ifEqual(keyLength, expected, PUT_REFUSED, put);
  }

  /**
   * Changes a key if its value has the expected bytes. Pinned from the comparison to the change, which compares
   * value words only: a word that is the same still means these bytes.
   *
   * @param otherwise what `change` returns if the key has another word by then
   * @returns that, or what else `change` returns
   */
  #ifEqual(
    keyLength: number,
    expected: Uint8Array,
    otherwise: number,
    change: () => number,
  ): number {
    const tree = this.#tree;
    tree.holding = true;
    tree.exports.pin();
    try {
      let outcome = otherwise;
      while (outcome === otherwise && expectBytes(tree, keyLength, expected)) outcome = change();
      return outcome;
    } finally {
      tree.exports.unpin();
      tree.holding = false;
    }
  }

  #keepFetched(length: number): void {
    this.#previousLength = length;
    this.#previous = fetched;
    release();
  }

  previous(): V {
    const bytes = this.#previous!;
    this.#previous = undefined;
    return this.#values.read(bytes, 0, this.#previousLength);
  }

  keep(buffer: EntryBuffer, count: number, keyBytes: number): number {
    const { exports, result } = this.#tree;
    const kept = exports.copyBoxes(count, keyBytes);
    if (kept === 0) return this.#keepLong(buffer, count, keyBytes);
    const end = result.u32[WORD_OUT / 4]!;
    const isText = result.u32[WORD_OUT / 4 + 1] !== 0;
    buffer.fill(result, count, keyBytes, end);
    buffer.payload = buffer.views.bytes;
    buffer.texts.reset(isText ? buffer.payload : undefined, end - ENTRIES);
    return kept;
  }

  /** As `keep`, of the first entry only, whose payload does not fit in the scratch. */
  #keepLong(buffer: EntryBuffer, count: number, keyBytes: number): number {
    const tree = this.#tree;
    buffer.fill(tree.result, count, keyBytes);
    buffer.texts.reset(undefined, 0);
    const { u32 } = buffer.views;
    const word = ENTRY_VALUE / 4;
    const box = u32[word]!;
    const length = payloadLength(tree, box);
    buffer.payload = copyLike(tree.reach(box + length).bytes, box, box + length);
    u32[word] = 0;
    u32[word + 1] = length;
    return 1;
  }

  read({ views, payload, texts }: EntryBuffer, entry: number): V {
    const { u32 } = views;
    const word = (entry + ENTRY_VALUE) >> 2;
    const start = u32[word]!;
    const end = start + u32[word + 1]!;
    return this.#values.read(payload, start, end, texts.isThere ? texts : undefined);
  }

  view(keyLength: number, memory: GuardMemory): Uint8Array | undefined {
    return view(this.#tree, keyLength, memory);
  }

  storedStart({ views }: EntryBuffer, entry: number): number {
    return views.u32[(entry + ENTRY_VALUE) >> 2]!;
  }

  storedLength({ views }: EntryBuffer, entry: number): number {
    return views.u32[((entry + ENTRY_VALUE) >> 2) + 1]!;
  }

  isSame(buffer: EntryBuffer, entry: number, other: EntryBuffer, otherEntry: number): boolean {
    const start = this.storedStart(other, otherEntry);
    return hasPayload(buffer, entry, other.payload, start, this.storedLength(other, otherEntry));
  }

  isStored(buffer: EntryBuffer, entry: number, stored: Uint8Array): boolean {
    return hasPayload(buffer, entry, stored, 0, stored.length);
  }

  savedBytes(buffer: EntryBuffer, entry: number): Uint8Array {
    const start = this.storedStart(buffer, entry);
    return buffer.payload.subarray(start, start + this.storedLength(buffer, entry));
  }

  fromSaved(bytes: Uint8Array): Uint8Array {
    return bytes;
  }
}

/** Whether a scanned entry has `length` bytes of `bytes`, from `start` on, as payload. */
function hasPayload(
  { views, payload }: EntryBuffer,
  entry: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  const at = (entry + ENTRY_VALUE) >> 2;
  if (views.u32[at + 1] !== length) return false;
  const own = views.u32[at]!;
  for (let i = 0; i < length; i++) if (payload[own + i] !== bytes[start + i]) return false;
  return true;
}
