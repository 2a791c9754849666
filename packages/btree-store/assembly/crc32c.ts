/*
 * CRC32C (Castagnoli), sixteen bytes a step: M. Kounavis and F. Berry, "A systematic approach to building high
 * performance software-based CRC generators" (2005), 'slicing by N'.
 *
 * Sixteen tables of 256 words, in a block of the region, since a module has no data: table k gives what a byte does to
 * the remainder when k more bytes follow it.
 */
import { crcTables } from "./words";

const POLYNOMIAL: u32 = 0x82f63b78; // reflected
const TABLE: usize = 1024;
/** Bytes of the tables. */
export const CRC_BYTES: u32 = 16 * 1024;

/** Fills the tables. */
export function fillTables(tables: usize): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (POLYNOMIAL & (0 - (crc & 1)));
    store<u32>(tables + (byte << 2), crc);
  }
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = load<u32>(tables + (byte << 2));
    for (let k: usize = 1; k < 16; k++) {
      crc = (crc >> 8) ^ load<u32>(tables + ((crc & 255) << 2));
      store<u32>(tables + k * TABLE + (byte << 2), crc);
    }
  }
}

/** The entry of the k-th table for the lowest byte of a word. */
function entry(tables: usize, k: usize, word: u32): u32 {
  return load<u32>(tables + k * TABLE + ((word & 255) << 2));
}

/** The sum of a word's four entries, where `k` more bytes follow the word. */
function step(tables: usize, k: usize, word: u32): u32 {
  return (
    entry(tables, k + 3, word) ^
    entry(tables, k + 2, word >> 8) ^
    entry(tables, k + 1, word >> 16) ^
    entry(tables, k, word >> 24)
  );
}

/**
 * The CRC32C of bytes that follow others.
 *
 * @param before the CRC32C of the bytes before; 0 if there are none
 * @param address of the first byte; need not be aligned
 */
export function crc32c(before: u32, address: usize, bytes: u32): u32 {
  const tables = crcTables();
  let crc = ~before;
  let at = address;
  let left = bytes;
  for (; left >= 16; left -= 16, at += 16) {
    crc =
      step(tables, 12, load<u32>(at) ^ crc) ^
      step(tables, 8, load<u32>(at, 4)) ^
      step(tables, 4, load<u32>(at, 8)) ^
      step(tables, 0, load<u32>(at, 12));
  }
  for (; left > 0; left--, at++) {
    crc = (crc >> 8) ^ entry(tables, 0, crc ^ load<u8>(at));
  }
  return ~crc;
}
