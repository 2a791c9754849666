// CRC-32 as in zlib, gzip and PNG (reflected, polynomial 0xEDB88320): where there is node:zlib, it computes it.
import { nodeBuiltin } from "@masstree/errors/node-builtin";

interface Zlib {
  crc32?(bytes: Uint8Array, value: number): number;
}

/**
 * The CRC-32 of bytes.
 *
 * @param before that of the bytes in front of these
 */
export type Crc32 = (bytes: Uint8Array, before?: number) => number;

/** Without node:zlib, a byte at a time. */
export const portableCrc32: Crc32 = (bytes, before = 0) => {
  table ??= makeTable();
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
};

/** The fastest that there is here. */
export function findCrc32(): Crc32 {
  const native = nodeBuiltin<Zlib>("node:zlib")?.crc32;
  return native === undefined ? portableCrc32 : (bytes, before = 0) => native(bytes, before);
}

let table: Uint32Array | undefined;

/** What each byte does to the register. */
function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    return crc;
  });
}
