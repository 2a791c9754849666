// The private memory in which a key of several parts is put together, and how it is read back.
//
// A codec of such keys may run code of the caller between two members, and that code may encode other
// keys. So each call has a packer of its own, and the target is written at the end, in one go.
import type { MassTreeBadKeyError } from "@masstree/errors";
import type { PrefixRange } from "./codec.ts";
import { type NamedKind, notEncoded, tooLong } from "./describe.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { copyBytes } from "./is-bytes.ts";
import { prefixEnd } from "./prefix-end.ts";

// A member starts within the first MAX_KEY_BYTES bytes, behind its type code, and every codec may use
// MAX_KEY_BYTES + 16 bytes from there.
const CAPACITY = 2 * MAX_KEY_BYTES + 64;

/** A key that is being put together. */
export class Packer {
  readonly bytes: Uint8Array = new Uint8Array(CAPACITY);
  /** How many bytes the key has so far: at most `MAX_KEY_BYTES` before each member. */
  length = 0;
  /** How many tuples are open within the key itself. */
  depth = 0;

  /** Appends one byte. */
  byte(byte: number): void {
    this.bytes[this.length] = byte;
    this.grow(1);
  }

  /** Makes the next `count` bytes, which are written already, part of the key. */
  grow(count: number): void {
    this.length += count;
    if (this.length > MAX_KEY_BYTES) throw tooLong();
  }

  /**
   * Where the keys are that begin with these members. The next member begins with a type code, which
   * is never FF; after an FF the last member itself would go on, as "a" does in "a\0".
   */
  membersRange(): PrefixRange {
    const { length } = this;
    const lower = this.bytes.slice(0, length);
    // Nothing longer is a key.
    if (length === MAX_KEY_BYTES) return { lower, upper: prefixEnd(lower) };
    this.bytes[length] = 0xff;
    return { lower, upper: this.bytes.slice(0, length + 1) };
  }

  /** Copies the key to where it belongs, and returns its length. */
  copyTo(target: Uint8Array, offset: number): number {
    copyBytes(this.bytes, 0, this.length, target, offset);
    return this.length;
  }
}

// More are in use only while codecs of the caller's encode keys within each other.
const KEPT = 4;
const free: Packer[] = [];

/** An empty packer, for one key; give it back with `release`. */
export function takePacker(): Packer {
  return free.pop() ?? new Packer();
}

export function release(packer: Packer): void {
  packer.length = 0;
  packer.depth = 0;
  if (free.length < KEPT) free.push(packer);
}

/** A key that is being read. */
export class Unpacker {
  readonly source: Uint8Array;
  /** Index of the next byte. */
  at: number;
  readonly end: number;
  /** How many tuples are open within the key itself. */
  depth = 0;
  /** What the key as a whole is, for messages. */
  readonly kind: NamedKind;

  constructor(kind: NamedKind, source: Uint8Array, start: number, end: number) {
    this.kind = kind;
    this.source = source;
    this.at = start;
    this.end = end;
  }

  /** The next byte; -1 at the end. */
  peek(): number {
    return this.at < this.end ? this.source[this.at]! : -1;
  }

  /** Moves over a type code. */
  expect(code: number): void {
    if (this.peek() !== code) throw this.unexpected();
    this.at++;
  }

  /** Moves over `count` bytes, and returns where they start. */
  skip(count: number): number {
    const start = this.at;
    if (this.end - start < count) throw this.garbage("they end within a member");
    this.at += count;
    return start;
  }

  unexpected(): MassTreeBadKeyError {
    const byte = this.peek();
    return this.garbage(
      byte < 0 ? "they end too early" : `byte ${byte} does not begin a member that may stand there`,
    );
  }

  garbage(reason: string): MassTreeBadKeyError {
    return notEncoded(this.kind, reason);
  }
}

/** How deep tuples may be nested in a key that does not say so in its type. */
export const MAX_DEPTH = 100;
