// Keys as bytes: making, showing and comparing them.
import type { Key } from "./instance.ts";

const encoder = new TextEncoder();

export function utf8(text: string): Key {
  return encoder.encode(text);
}

/** `count` bytes that are all `byte`. */
export function repeat(byte: number, count: number): Key {
  return new Uint8Array(count).fill(byte);
}

export function concat(...parts: readonly Key[]): Key {
  return new Uint8Array(Buffer.concat(parts));
}

/** 8 bytes, big-endian: numbers below 2^53 in their order. */
export function bigEndian(value: number): Key {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value / 2 ** 32);
  view.setUint32(4, value);
  return bytes;
}

/** Byte order, shorter first: the order of keys. */
export function compare(a: Key, b: Key): number {
  return Buffer.compare(a, b);
}

/** A key as a string that is its own only: to look it up in a Map, and to show it. */
export function hex(key: Key): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("hex");
}

/** A key as people read it: hexadecimal, shortened when long. */
export function show(key: Key): string {
  const text = hex(key);
  return text.length <= 80 ? `<${text}>` : `<${text.slice(0, 60)}... ${key.length} bytes>`;
}
