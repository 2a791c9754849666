/*
 * Keys as this index compares them: 64-bit numbers whose order is that of the keys' bytes.
 */
import { ikeyAt } from "@masstree/key/assembly";

/** Bytes of every key. */
export const KEY_BYTES: u32 = 8;

/** The ordinal of a key, whose 8 bytes are at this address. */
export function ordinalOf(key: usize): u64 {
  return ikeyAt(key, KEY_BYTES, 0);
}
