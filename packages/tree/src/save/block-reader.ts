import { MassTreeBadFileError } from "@masstree/errors";
import { MAX_KEY_BYTES, textDecoder } from "@masstree/key";
import { findCrc32 } from "./crc32.ts";
import {
  CHECKED_BYTES,
  HEAD_BYTES,
  HEADER_BYTES,
  MAGIC,
  type SavedKind,
  VARINT_BYTES,
  VERSION,
} from "./format.ts";
import type { SourceBytes } from "./streams.ts";

/** What is done with an entry. Both are views of private memory, until it returns. `offset` is where it begins. */
export type TakeEntry = (key: Uint8Array, value: Uint8Array, offset: number) => void;

/** Reads the pieces of a saved map: `header` once, then `block` until it returns false. Believes nothing. */
export class BlockReader {
  readonly #crc32 = findCrc32();
  readonly #source: SourceBytes;
  #check = 0;
  #entries = 0;
  /** The key of the last entry, in the first bytes; -1 bytes before the first. */
  readonly #key: Uint8Array = new Uint8Array(MAX_KEY_BYTES);
  #keyLength = -1;

  constructor(source: SourceBytes) {
    this.#source = source;
  }

  /** How many entries were read. */
  get entries(): number {
    return this.#entries;
  }

  /** @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`) */
  async header(): Promise<SavedKind> {
    const magic = await this.#source.take(MAGIC.length);
    if (compareTail(magic, MAGIC, 0, MAGIC.length) !== 0) {
      throw new MassTreeBadFileError("This is no saved map: it begins with other bytes.", 0);
    }
    this.#check = this.#crc32(MAGIC);
    const numbers = await this.#source.take(HEADER_BYTES - MAGIC.length);
    const version = u16(numbers, 0);
    const length = u16(numbers, 2);
    // First: in other versions, anything else may be different.
    if (version !== VERSION) {
      throw new MassTreeBadFileError(
        `This map was saved in version ${version} of the format. This package reads version ${VERSION}.`,
        MAGIC.length,
      );
    }
    this.#check = this.#crc32(numbers, this.#check);
    const text = (await this.#source.take(length)).slice();
    this.#check = this.#crc32(text, this.#check);
    await this.#checkCheck("header", HEADER_BYTES + length);
    return this.#kind(text);
  }

  /**
   * Reads a block, or the trailer and the end of the file.
   *
   * @param take gets each entry of the block, once the whole block has been checked
   * @returns false after the trailer
   * @throws MassTreeBadFileError (`MASSTREE_BAD_FILE`); what `take` throws
   */
  async block(take: TakeEntry): Promise<boolean> {
    const start = this.#source.offset;
    const head = await this.#source.take(CHECKED_BYTES);
    const [length, second, third] = [u32(head, 0), u32(head, 4), u32(head, 8)];
    this.#check = this.#crc32(head, this.#check);
    await this.#checkCheck("head of a block", start);
    if (length === 0) {
      if (second + third * 2 ** 32 !== this.#entries) {
        throw new MassTreeBadFileError(
          `The file says that it holds ${second + third * 2 ** 32} entries, but it holds ${this.#entries}.`,
          start,
        );
      }
      await this.#source.end();
      return false;
    }
    const payload = await this.#source.take(length);
    if (this.#crc32(payload) !== third) throw damaged("block", start + HEAD_BYTES);
    this.#read(payload, second, start + HEAD_BYTES, take);
    return true;
  }

  async #checkCheck(what: string, offset: number): Promise<void> {
    if (u32(await this.#source.take(4), 0) !== this.#check) throw damaged(what, offset);
  }

  #kind(text: Uint8Array): SavedKind {
    let names: unknown;
    try {
      names = JSON.parse(textDecoder().decode(text));
    } catch {
      names = undefined;
    }
    const isKind =
      Array.isArray(names) && names.length === 3 && names.every((name) => typeof name === "string");
    if (!isKind) throw damaged("header", HEADER_BYTES);
    const [className, key, value] = names as [string, string, string];
    return { className, key, value };
  }

  #read(payload: Uint8Array, count: number, offset: number, take: TakeEntry): void {
    const at = new Position(payload, offset);
    const key = this.#key;
    for (let i = 0; i < count; i++) {
      const start = offset + at.index;
      const shared = at.varint();
      const rest = at.varint();
      const valueLength = at.varint();
      const tail = at.bytes(rest);
      const value = at.bytes(valueLength);
      const isKey = shared <= (i === 0 ? 0 : this.#keyLength) && shared + rest <= MAX_KEY_BYTES;
      if (!isKey) throw damaged("entry", start);
      if (compareTail(tail, key, shared, this.#keyLength) <= 0) {
        throw new MassTreeBadFileError("The keys in this file are not in order.", start);
      }
      key.set(tail, shared);
      this.#keyLength = shared + rest;
      take(key.subarray(0, shared + rest), value, start);
      this.#entries++;
    }
    if (!at.isAtEnd) throw damaged("block", offset + at.index);
  }
}

/** A place in a payload. */
class Position {
  readonly #payload: Uint8Array;
  readonly #offset: number;
  index = 0;

  constructor(payload: Uint8Array, offset: number) {
    this.#payload = payload;
    this.#offset = offset;
  }

  get isAtEnd(): boolean {
    return this.index === this.#payload.length;
  }

  varint(): number {
    let value = 0;
    for (let i = 0, factor = 1; i < VARINT_BYTES; i++, factor *= 0x80) {
      const byte = this.#payload[this.index++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw damaged("block", this.#offset + this.index);
  }

  bytes(count: number): Uint8Array {
    const end = this.index + count;
    if (end > this.#payload.length) throw damaged("block", this.#offset + this.index);
    const bytes = this.#payload.subarray(this.index, end);
    this.index = end;
    return bytes;
  }
}

/**
 * How `tail`, after the first `shared` bytes of a key, compares with the rest of that key: below 0, 0 or above.
 *
 * @param length of the key; -1 if there is none, and then everything is above
 */
export function compareTail(
  tail: Uint8Array,
  key: Uint8Array,
  shared: number,
  length: number,
): number {
  if (length < 0) return 1;
  const most = Math.min(tail.length, length - shared);
  for (let i = 0; i < most; i++) {
    const difference = tail[i]! - key[shared + i]!;
    if (difference !== 0) return difference;
  }
  return tail.length - (length - shared);
}

function damaged(what: string, offset: number): MassTreeBadFileError {
  return new MassTreeBadFileError(`The file is damaged: the ${what} at byte ${offset}.`, offset);
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}
