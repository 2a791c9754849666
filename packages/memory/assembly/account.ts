/*
 * The accounts: what the bytes of the region are used for.
 *
 *   committed = live + overhead + free
 *
 * live: blocks that were allocated and not freed. overhead: what can never be a block. free: everything else, in
 * page runs, in slabs and in participants' caches. Only blocks that leave or enter slabs are counted as it
 * happens, under the lock; live is that count less what the caches hold.
 *
 * All figures are exact while no thread allocates or frees. Reading them never blocks another thread.
 */

import { cacheOf, cacheRoomOfAny, DESCRIPTOR_PAGES } from "./descriptor";
import { segments } from "./growth";
import {
  extent,
  HEADER_PAGES,
  maxPages,
  outBlocks,
  outBytes,
  overhead,
  PAGE_BYTES,
  PAGE_SHIFT,
  participantLimit,
} from "./header";
import { entry, FREE, kindOf, mapPageOf, SYSTEM } from "./pagemap";
import { CLASSES, cacheLimit, classBytes, classFirst } from "./sizeclass";
import { slabClass, slabOf } from "./slab";
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
    if (participant === 0) continue;
    for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
      const count = <i64>cached(participant, sizeClass);
      total += bytes ? count * classBytes(sizeClass) : count;
    }
  }
  return total;
}

/** Bytes, by real size, of the blocks that any participant has allocated and none has freed. */
export function liveBytes(): f64 {
  return <f64>max<i64>(0, <i64>outBytes() - cachedTotal(true));
}

/** How many blocks any participant has allocated and none has freed. */
export function liveBlocks(): u32 {
  return <u32>max<i64>(0, <i64>outBlocks() - cachedTotal(false));
}

/** Size of the region: its part of the memory, in bytes. */
export function committedBytes(): f64 {
  return <f64>extent() * <f64>PAGE_BYTES;
}

/** Bytes that can never be a block: the header, the page map, the descriptors, the slabs' headers and ends. */
export function overheadBytes(): f64 {
  return <f64>overhead();
}

/**
 * Whether bytes cannot lie within a block of a program: they belong to the region's header, to its page map, to a
 * descriptor or to the header of a slab, or begin or end in the first or last page of a free run. Never true for bytes
 * within blocks that the caller has allocated. Safe for any address. O(participants).
 */
export function isSystem(start: usize, bytes: u32): bool {
  if (isNobodys(start) || isNobodys(start + bytes - 1)) return true;
  if (touches(start, bytes, 0, HEADER_PAGES)) return true;
  for (let segment: u32 = 1; segment < segments(extent()); segment++) {
    if (touches(start, bytes, mapPageOf(segment), 1)) return true;
  }
  for (let index: u32 = 0; index < participantLimit(); index++) {
    const participant = participantAt(index);
    if (participant !== 0 && touches(start, bytes, participant, DESCRIPTOR_PAGES)) return true;
  }
  return false;
}

/** Whether a byte lies outside of all runs that are in use, as far as one look at the page map tells. */
function isNobodys(address: usize): bool {
  const page = <u32>(address >> PAGE_SHIFT);
  if (page >= extent()) return page < maxPages();
  const kind = kindOf(entry(page));
  if (kind === FREE || kind === SYSTEM) return true;
  const slab = slabOf(address);
  return slab !== 0 && address - slab < classFirst(slabClass(slab));
}

/** Whether bytes lie in some pages, at least partly. */
function touches(start: usize, bytes: u32, area: usize, pages: u32): bool {
  const end = <u64>area + <u64>pages * PAGE_BYTES;
  return <u64>start < end && <u64>start + bytes > <u64>area;
}
