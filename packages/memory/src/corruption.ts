import { MassTreeCorruptError } from "@masstree/errors";
import {
  BROKEN_BIN,
  BROKEN_CACHE,
  BROKEN_CACHED,
  BROKEN_COUNT,
  BROKEN_EMPTY,
  BROKEN_FREE_RUN,
  BROKEN_HEADER,
  BROKEN_INSIDE,
  BROKEN_LOCK,
  BROKEN_PARTICIPANT,
  BROKEN_PRIVATE,
  BROKEN_RECOVERY,
  BROKEN_SLAB,
  BROKEN_SLABS,
  BROKEN_SYSTEM,
  BROKEN_TICKET,
  BROKEN_TILING,
} from "./generated/memory-exports.ts";

/** What each code of `verifyMemory` means, and what its place is. */
const findings: Readonly<Record<number, readonly [message: string, placeName: string]>> = {
  [BROKEN_HEADER]: ["The region's header is broken.", "page"],
  [BROKEN_LOCK]: ["The region's lock is held.", "owner"],
  [BROKEN_TILING]: ["The page map's runs do not tile the region.", "page"],
  [BROKEN_FREE_RUN]: ["A free page run does not end where it says, or touches another.", "page"],
  [BROKEN_INSIDE]: ["A page inside a run is not marked as such.", "page"],
  [BROKEN_SYSTEM]: [
    "Header, page map and descriptors are not what the system pages are for.",
    "pages",
  ],
  [BROKEN_SLAB]: ["A slab's bitmap, class or count is wrong.", "slab"],
  [BROKEN_EMPTY]: ["A slab without a block in use was kept.", "slab"],
  [BROKEN_SLABS]: ["A list of slabs is not that of the slabs with a free block.", "slab"],
  [BROKEN_BIN]: ["A bin is not that of the free page runs of its length.", "run"],
  [BROKEN_CACHE]: [
    "A participant's cache has another count than it says, or another owner.",
    "cache",
  ],
  [BROKEN_CACHED]: ["A cached block is none, is free in its slab, or is cached twice.", "block"],
  [BROKEN_COUNT]: ["The counters are not the sums of what is there.", "expected"],
  [BROKEN_PARTICIPANT]: ["A participant's descriptor is missing, misplaced or another's.", "index"],
  [BROKEN_PRIVATE]: [
    "A private block of a participant is not a block, is free, or is listed twice.",
    "block",
  ],
  [BROKEN_RECOVERY]: [
    "A participant repairs the region, acts for another or is being recovered.",
    "participant",
  ],
  [BROKEN_TICKET]: [
    "A participant's descriptor and the ticket of its number do not agree on whether a thread has it.",
    "participant",
  ],
};

/**
 * The error for what `verifyMemory` of this package's assembly returned.
 *
 * @param code what it returned, not 0
 * @param place the module's `place` after it
 */
export function corruption(code: number, place: number): MassTreeCorruptError {
  const [message, placeName] = findings[code] ?? ["An unknown check failed.", "place"];
  return new MassTreeCorruptError(message, { check: code, [placeName]: place >>> 0 });
}
