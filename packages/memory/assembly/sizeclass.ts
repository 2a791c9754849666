/*
 * Size classes: the block sizes of slabs, and how a request finds its class.
 *
 * Each class has a record in the header, at SIZE_CLASSES + 16 * class:
 *
 *   byte  field         what
 *   ----  -----------   ----------------------------------------------------------------------
 *   0     bytes    u32  size of a block: a multiple of 16; if it is one of 64, so is the address
 *   4     objects  u16  blocks in a slab
 *   6     first    u16  offset of the first block in its slab
 *   8     limit    u32  most blocks of the class that a participant's cache keeps
 *   12    partial  u32  the slabs that have a free block, newest first (0 = none); under the lock
 *
 * A table at CLASS_OF has one byte for every multiple of 16. So one load from a table that stays in the
 * first-level cache finds a class. The tables live in the region because modules have no static data (every
 * instantiation would write it again); all but `partial` never change.
 *
 * The sizes have steps of 16 up to 128, then four steps per doubling, so that rounding up wastes at most a fifth.
 * From 1,536 on, each is the size of which a slab holds n with the least waste, for n = 21, 18, 15, 12, 10, 8, 7,
 * 6, 5 and 4: a class of exactly 4,096 would fit 7 times and waste an eighth of the slab. In 2,176 and 4,608 a
 * power of two fits together with a header in front of it; in 8,128 it does not.
 */

import { CLASS_OF, PAGE_BYTES, PAGE_SHIFT, SIZE_CLASSES } from "./header";

/** Bytes of a slab. */
export const SLAB_BYTES: u32 = 32768;
/** How many classes there are. */
export const CLASSES: u32 = 31;
/** The largest size that comes from a slab; anything larger is a run of pages. */
export const MAX_SMALL: u32 = 8128;

/** Size of a slab's header, which comes before its bitmap. See slab.ts. */
export const SLAB_HEADER_BYTES: u32 = 64;

/** Caches keep about this many bytes of each class. */
const CACHE_BYTES: u32 = 8192;
const CACHE_MOST: u32 = 32;
const CACHE_LEAST: u32 = 2;

@unmanaged
class SizeClass {
  bytes: u32;
  objects: u16;
  first: u16;
  limit: u32;
  partial: u32;
}

/** The class of a size of at most MAX_SMALL bytes. */
export function classOf(bytes: u32): u32 {
  return load<u8>((bytes + 15) >> 4, CLASS_OF);
}

/** Pages that a block of `bytes` bytes takes when it is a run; `bytes` may be up to 2^32 - 1. */
export function pagesFor(bytes: u32): u32 {
  return (bytes >> PAGE_SHIFT) + u32((bytes & (PAGE_BYTES - 1)) !== 0);
}

function record(sizeClass: u32): usize {
  return SIZE_CLASSES + sizeClass * offsetof<SizeClass>();
}

/** Bytes of a block of the class. */
export function classBytes(sizeClass: u32): u32 {
  return load<u32>(record(sizeClass), offsetof<SizeClass>("bytes"));
}

/** Blocks in a slab of the class. */
export function classObjects(sizeClass: u32): u32 {
  return load<u16>(record(sizeClass), offsetof<SizeClass>("objects"));
}

/** Offset of the first block in a slab of the class. */
export function classFirst(sizeClass: u32): u32 {
  return load<u16>(record(sizeClass), offsetof<SizeClass>("first"));
}

/** The most blocks of the class that a participant's cache keeps. */
export function cacheLimit(sizeClass: u32): u32 {
  return load<u32>(record(sizeClass), offsetof<SizeClass>("limit"));
}

/** Under the lock: the first slab of the class with a free block, or 0. */
export function partialSlabs(sizeClass: u32): usize {
  return load<u32>(record(sizeClass), offsetof<SizeClass>("partial"));
}

/** Under the lock. */
export function setPartialSlabs(sizeClass: u32, slab: usize): void {
  store<u32>(record(sizeClass), <u32>slab, offsetof<SizeClass>("partial"));
}

/** Bytes of a slab of the class that no block can use. */
export function slabSlack(sizeClass: u32): u32 {
  return SLAB_BYTES - classObjects(sizeClass) * classBytes(sizeClass);
}

/** The size of each class: the only place that names them. */
function sizeOf(sizeClass: u32): u32 {
  if (sizeClass < 8) return (sizeClass + 1) << 4;
  if (sizeClass < 21) {
    const step = sizeClass - 8;
    return (5 + (step & 3)) << (5 + (step >> 2));
  }
  switch (sizeClass) {
    case 21:
      return 1536;
    case 22:
      return 1792;
    case 23:
      return 2176;
    case 24:
      return 2688;
    case 25:
      return 3264;
    case 26:
      return 4032;
    case 27:
      return 4608;
    case 28:
      return 5440;
    case 29:
      return 6528;
    default:
      return MAX_SMALL;
  }
}

/** Fills the tables of a new region. */
export function initialiseClasses(): void {
  let sixteenth: u32 = 0;
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const bytes = sizeOf(sizeClass);
    // One bit for each block that a slab without a header would hold, in whole cache lines, so that the first
    // block begins on one.
    const bitmap = (((SLAB_BYTES / bytes + 63) >> 6) * 8 + 63) & ~63;
    const first = SLAB_HEADER_BYTES + bitmap;
    store<u32>(record(sizeClass), bytes, offsetof<SizeClass>("bytes"));
    store<u16>(
      record(sizeClass),
      <u16>((SLAB_BYTES - first) / bytes),
      offsetof<SizeClass>("objects"),
    );
    store<u16>(record(sizeClass), <u16>first, offsetof<SizeClass>("first"));
    store<u32>(
      record(sizeClass),
      max(CACHE_LEAST, min(CACHE_MOST, CACHE_BYTES / bytes)),
      offsetof<SizeClass>("limit"),
    );
    for (; sixteenth << 4 <= bytes; sixteenth++) store<u8>(CLASS_OF + sixteenth, <u8>sizeClass);
  }
}
