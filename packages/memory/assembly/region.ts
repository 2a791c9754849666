/*
 * Making a region of a zeroed memory.
 */

import { extendTo, memoryPages } from "./growth";
import {
  BAD,
  countOverhead,
  FIRST_MAP_PAGE,
  HEADER_PAGES,
  initialiseIdentity,
  isRegion,
  OK,
  PAGE_BYTES,
  PAGES_PER_WASM_PAGE,
  publishIdentity,
  setExtent,
} from "./header";
import { commitHead, SYSTEM, setMapPage } from "./pagemap";
import { initialiseClasses } from "./sizeclass";

/** The most that a memory can have: 4 GiB. */
const MOST_WASM_PAGES: u32 = 65536;

/**
 * Makes a region of the instance's memory, which is all zeros and known to no other thread.
 *
 * @param maxWasmPages how far it may grow, in pages of 64 KiB: the memory's present size to 65,536
 * @returns OK; BAD if the memory is empty, is a region already, or is larger than the maximum
 */
export function createRegion(maxWasmPages: u32): u32 {
  const pages = memoryPages();
  if (pages === 0 || maxWasmPages > MOST_WASM_PAGES) return BAD;
  const most = maxWasmPages * PAGES_PER_WASM_PAGE;
  if (pages > most || isRegion()) return BAD;
  initialiseIdentity(most);
  initialiseClasses();
  setMapPage(0, FIRST_MAP_PAGE);
  commitHead(0, SYSTEM, HEADER_PAGES);
  countOverhead(HEADER_PAGES * PAGE_BYTES);
  setExtent(HEADER_PAGES);
  extendTo(pages);
  publishIdentity();
  return OK;
}
