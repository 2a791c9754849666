/*
 * What the page cache tells @masstree/session about itself.
 */
import { allocate, config, dropPrivate, reachTo } from "@masstree/memory/assembly";
import { Client, holdsStructure, participant } from "@masstree/session/assembly";
import { BOOK_BYTES } from "./book";
import { CRC_BYTES, fillTables } from "./crc32c";
import { FRAME_HEAD, frameBytes, makeTable } from "./frame";
import { initialise, LEAF } from "./page";
import { endAllReads, setLeaving, setStage, stage } from "./reading";
import { LIST_RUNS, STAGE_BYTES, TABLE, words } from "./words";
import { orphanWriter } from "./writer";

/** Which structure this is, in which version of its layout: "BTS" and version 3. */
export const STORE_LAYOUT: u32 = 0x03535442;
/** Configuration words of the region. */
export const CONFIG_PAGE_BYTES: u32 = 0;
export const CONFIG_LIMIT: u32 = 1;

/** log2 of the buckets of the first table. Test builds have few, so that it grows often. */
const FIRST_TABLE_BITS: u32 = DEBUG ? 1 : 10;

@unmanaged
export class StoreClient extends Client {
  override isHere(): bool {
    return holdsStructure(STORE_LAYOUT);
  }

  /**
   * A stage for each participant; for the first one, everything that a page cache has from the start. The table is last:
   * where there is one, all is there.
   */
  override attach(): bool {
    setLeaving(false);
    return makeStage() && (atomic.load<u64>(TABLE) !== 0 || makeCache());
  }

  override undo(): void {
    // If it has died between making its stage and being attached.
    dropPrivate(participant, stage());
    orphanWriter();
  }

  override handOver(): usize {
    endAllReads();
    return 0;
  }
}

/** A block of the region that the structure keeps; 0 when there is none. */
function take(bytes: u32): usize {
  const block = allocate(participant, bytes);
  if (block !== 0) reachTo(block, bytes);
  return block;
}

function makeStage(): bool {
  if (stage() !== 0) return true;
  const block = take(STAGE_BYTES);
  setStage(block);
  return block !== 0;
}

function makeCache(): bool {
  const it = words();
  it.pageBytes = config(CONFIG_PAGE_BYTES);
  it.limit = config(CONFIG_LIMIT);
  const tables = take(CRC_BYTES);
  const freed = take(8 * LIST_RUNS);
  const returned = take(8 * LIST_RUNS);
  const nowhere = take(frameBytes());
  const book = take(BOOK_BYTES);
  if (tables === 0 || freed === 0 || returned === 0) return false;
  if (nowhere === 0 || book === 0) return false;
  fillTables(tables);
  it.crcTables = <u32>tables;
  it.freed = <u32>freed;
  it.returned = <u32>returned;
  memory.fill(nowhere, 0, FRAME_HEAD);
  it.nowhere = <u32>(nowhere + FRAME_HEAD);
  initialise(it.nowhere, 0, 0, LEAF, 0);
  memory.fill(book, 0, BOOK_BYTES);
  it.book = <u32>book;
  const table = makeTable(FIRST_TABLE_BITS, 0);
  atomic.store<u64>(TABLE, table);
  return table !== 0;
}
