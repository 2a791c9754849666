import { textEncoder } from "@masstree/key";
import { findCrc32 } from "./crc32.ts";
import {
  BLOCK_BYTES,
  CHECKED_BYTES,
  HEAD_BYTES,
  HEADER_BYTES,
  MAGIC,
  type SavedKind,
  VARINT_BYTES,
  VERSION,
} from "./format.ts";

/** Room for one entry of usual size beyond BLOCK_BYTES. */
const SPARE_BYTES = 1024;

/** Makes the pieces of a saved map, in their order: `header`, blocks, `trailer`. Each is a new array. */
export class BlockWriter {
  readonly #crc32 = findCrc32();
  /** The check of the piece before. */
  #check = 0;
  #entries = 0;
  #entriesBefore = 0;
  #block: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #end = HEAD_BYTES;
  #lastKey: Uint8Array = new Uint8Array(0);

  /** How many entries were added. */
  get entries(): number {
    return this.#entries;
  }

  get isEmpty(): boolean {
    return this.#end === HEAD_BYTES;
  }

  /** Whether `take` should be called before the next entry. */
  get isFull(): boolean {
    return this.#end >= HEAD_BYTES + BLOCK_BYTES;
  }

  header({ className, key, value }: SavedKind): Uint8Array<ArrayBuffer> {
    const text = textEncoder().encode(JSON.stringify([className, key, value]));
    const bytes = new Uint8Array(HEADER_BYTES + text.length + 4);
    const view = new DataView(bytes.buffer);
    bytes.set(MAGIC);
    view.setUint16(8, VERSION, true);
    view.setUint16(10, text.length, true);
    bytes.set(text, HEADER_BYTES);
    this.#seal(bytes, HEADER_BYTES + text.length);
    return bytes;
  }

  /**
   * Adds an entry.
   *
   * @param key greater than the one before. Kept until the next call
   * @param value copied
   */
  add(key: Uint8Array, value: Uint8Array): void {
    const shared = this.isEmpty ? 0 : sharedBytes(this.#lastKey, key);
    const rest = key.length - shared;
    this.#reserve(3 * VARINT_BYTES + rest + value.length);
    this.#varint(shared);
    this.#varint(rest);
    this.#varint(value.length);
    this.#bytes(key.subarray(shared));
    this.#bytes(value);
    this.#lastKey = key;
    this.#entries++;
  }

  /** The block of the entries since the last one. */
  take(): Uint8Array<ArrayBuffer> {
    const block = this.#block.subarray(0, this.#end);
    const view = new DataView(block.buffer);
    view.setUint32(0, block.length - HEAD_BYTES, true);
    view.setUint32(4, this.#entries - this.#entriesBefore, true);
    view.setUint32(8, this.#crc32(block.subarray(HEAD_BYTES)), true);
    this.#seal(block, CHECKED_BYTES);
    this.#entriesBefore = this.#entries;
    // Another array: the stream may keep this one.
    this.#block = new Uint8Array(0);
    this.#end = HEAD_BYTES;
    return block;
  }

  trailer(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(HEAD_BYTES);
    new DataView(bytes.buffer).setBigUint64(4, BigInt(this.#entries), true);
    this.#seal(bytes, CHECKED_BYTES);
    return bytes;
  }

  /** Writes the check behind the first `length` bytes. */
  #seal(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    this.#check = this.#crc32(bytes.subarray(0, length), this.#check);
    new DataView(bytes.buffer).setUint32(length, this.#check, true);
  }

  #reserve(bytes: number): void {
    const wanted = this.#end + bytes;
    if (wanted <= this.#block.length) return;
    const larger = new Uint8Array(Math.max(wanted, HEAD_BYTES + BLOCK_BYTES + SPARE_BYTES));
    larger.set(this.#block.subarray(0, this.#end));
    this.#block = larger;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#block[this.#end++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#block[this.#end++] = rest;
  }

  #bytes(bytes: Uint8Array): void {
    this.#block.set(bytes, this.#end);
    this.#end += bytes.length;
  }
}

/** How many bytes two keys begin with in common. */
function sharedBytes(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < most && a[shared] === b[shared]) shared++;
  return shared;
}
