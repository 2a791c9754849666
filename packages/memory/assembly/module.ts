/*
 * The module that the JavaScript wrapper instantiates: what JavaScript calls, and no more.
 */
import { isBlock } from "./cache";
import { addPrivate } from "./private";
import { place } from "./verify";

export { setMayWait } from "@masstree/nodeversion/assembly";
export { committedBytes, liveBlocks, liveBytes, overheadBytes } from "./account";
export { allocate, blockBytes, free } from "./cache";
export { setConfig } from "./header";
export { dropAllPrivate } from "./private";
export { createRegion } from "./region";
export {
  abandon,
  join,
  joinFailure,
  ownMark,
  ownNumber,
  part,
  recoverAbandoned as recover,
} from "./self";
export { verifyMemory } from "./verify";

/**
 * The first step of `free`: from here on the block is freed for certain, if need be by the recovery of the
 * participant. False, with nothing done, if there is no such block.
 */
export function beginFree(participant: usize, block: usize, bytes: u32): bool {
  if (!isBlock(block, bytes)) return false;
  addPrivate(participant, block, bytes);
  return true;
}

/** Where the last `verifyMemory` found a broken invariant; what that is depends on its code. */
export function brokenPlace(): usize {
  return place;
}
