// The accounts: how many bytes of the region are what.
//
//   committed = live + overhead + free
//
// live: blocks that were allocated and not freed. overhead: what can never be a block. free: all
// else, in page runs, in slabs and in participants' caches. Only what leaves and enters slabs is
// counted as it happens, under the lock; live is that less what the caches hold.
//
// All figures are exact when no thread allocates or frees, and never block anyone.

import { cacheOf, cacheRoomOfAny } from "./descriptor";
import { extent, outBlocks, outBytes, overhead, PAGE_BYTES, participantLimit } from "./header";
import { CLASSES, cacheLimit, classBytes } from "./sizeclass";
import { participantAt } from "./tickets";

/** Blocks of a class in a participant's cache. */
function cached(participant: usize, sizeClass: u32): u32 {
  return cacheLimit(sizeClass) - cacheRoomOfAny(cacheOf(participant, sizeClass));
}

/** Blocks in all caches, or their bytes. */
function cachedTotal(bytes: bool): i64 {
  let total: i64 = 0;
  for (let index: u32 = 0; index < participantLimit(); index++) {
    const participant = participantAt(index);
    if (!participant) continue;
    for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
      const count = <i64>cached(participant, sizeClass);
      total += bytes ? count * classBytes(sizeClass) : count;
    }
  }
  return total;
}

/** Bytes, by real size, of the blocks that were allocated and not freed, by any participant. */
export function liveBytes(): f64 {
  return <f64>max<i64>(0, <i64>outBytes() - cachedTotal(true));
}

/** How many blocks were allocated and not freed, by any participant. */
export function liveBlocks(): u32 {
  return <u32>max<i64>(0, <i64>outBlocks() - cachedTotal(false));
}

/** Bytes that the region has: its part of the memory's size. */
export function committedBytes(): f64 {
  return <f64>extent() * <f64>PAGE_BYTES;
}

/** Bytes that can never be a block: the header, the page map, the descriptors, the slabs' headers and ends. */
export function overheadBytes(): f64 {
  return <f64>overhead();
}
