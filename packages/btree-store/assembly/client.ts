/*
 * What the page cache tells @masstree/session about itself.
 */
import { config } from "@masstree/memory/assembly";
import { Client, holdsStructure } from "@masstree/session/assembly";
import { CRC_BYTES, fillTables } from "./crc32c";
import { FRAME_HEAD, makeTable, take } from "./frame";
import { initialise, LEAF } from "./page";
import { LIST_RUNS, STAGE_BYTES, words } from "./words";

/** Which structure this is, in which version of its layout: "BTS" and version 1. */
export const STORE_LAYOUT: u32 = 0x01535442;
/** Configuration words of the region. */
export const CONFIG_PAGE_BYTES: u32 = 0;
export const CONFIG_LIMIT: u32 = 1;

const FIRST_TABLE_BITS: u32 = 10;

@unmanaged
export class StoreClient extends Client {
  override isHere(): bool {
    return holdsStructure(STORE_LAYOUT);
  }

  /** Everything that a page cache has from the start. The table is last: where there is one, all is there. */
  override attach(): bool {
    const it = words();
    if (it.table !== 0) return true;
    const bytes = config(CONFIG_PAGE_BYTES);
    it.pageBytes = bytes;
    it.limit = config(CONFIG_LIMIT);
    const tables = take(CRC_BYTES);
    const freed = take(8 * LIST_RUNS);
    const returned = take(8 * LIST_RUNS);
    const stage = take(STAGE_BYTES);
    const nowhere = take(<u32>FRAME_HEAD + bytes);
    if (tables === 0 || freed === 0 || returned === 0) return false;
    if (stage === 0 || nowhere === 0) return false;
    fillTables(tables);
    it.crcTables = <u32>tables;
    it.freed = <u32>freed;
    it.returned = <u32>returned;
    it.stage = <u32>stage;
    memory.fill(nowhere, 0, FRAME_HEAD);
    it.nowhere = <u32>(nowhere + FRAME_HEAD);
    initialise(it.nowhere, 0, 0, LEAF, 0);
    return makeTable(FIRST_TABLE_BITS);
  }
}
