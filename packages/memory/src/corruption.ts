import { MassTreeCorruptError } from "@masstree/errors";

/** What each code of `verifyMemory` means, and what its place is: the BROKEN codes of verify.ts. */
const findings: readonly (readonly [message: string, placeName: string])[] = [
  ["The region's header is broken.", "page"],
  ["The region's lock is held.", "owner"],
  ["The page map's runs do not tile the region.", "page"],
  ["A free page run does not end where it says, or touches another.", "page"],
  ["A page inside a run is not marked as such.", "page"],
  ["Header, page map and descriptors are not what the system pages are for.", "pages"],
  ["A slab's bitmap, class or count is wrong.", "slab"],
  ["A slab without a block in use was kept.", "slab"],
  ["A list of slabs is not that of the slabs with a free block.", "slab"],
  ["A bin is not that of the free page runs of its length.", "run"],
  ["A participant's cache has another count than it says, or another owner.", "cache"],
  ["A cached block is none, is free in its slab, or is cached twice.", "block"],
  ["The counters are not the sums of what is there.", "expected"],
  ["A participant's descriptor is missing, misplaced or another's.", "index"],
  ["A block in a participant's hand is none, is free, or is held twice.", "block"],
  ["A participant repairs the region, acts for another or is being recovered.", "participant"],
];

/**
 * The error for what `verifyMemory` of this package's assembly returned.
 *
 * @param code what it returned, not 0
 * @param place the module's `place` after it
 */
export function corruption(code: number, place: number): MassTreeCorruptError {
  const [message, placeName] = findings[code - 1] ?? ["An unknown check failed.", "place"];
  return new MassTreeCorruptError(message, { check: code, [placeName]: place >>> 0 });
}
