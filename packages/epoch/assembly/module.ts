/*
 * The module that the JavaScript wrapper instantiates. With CUSTOM=1 the import `host.reclaim` frees a block,
 * otherwise @masstree/memory in the same module.
 */
import {
  claimAbandoned,
  dropRegion,
  ownNumber,
  part as partFromRegion,
  recoverMemory,
  repairMemory,
} from "@masstree/memory/assembly";
import { reclaim } from "./host";
import * as epoch from "./index";
import { MemoryFree } from "./index";

@unmanaged
class CustomFree {
  free(participant: usize, block: usize, bytes: u32): void {
    reclaim(participant, block, bytes);
  }
}

export {
  abandon,
  isBlock,
  isSystem,
  join,
  joinFailure,
  ownMark,
  ownNumber,
  setMayWait,
} from "@masstree/memory/assembly";
export {
  epochsBehind,
  globalEpoch,
  isPinned,
  pin,
  pinnedSince,
  retiredBlocks,
  retiredBytes,
  tryAdvance,
  verifyEpochs,
  wasRetired,
} from "./index";

/** Where the last `verifyEpochs` found something: a participant's address, or 0. */
export function epochsPlace(): usize {
  return epoch.epochsPlace;
}

/** Undoes one `pin`; the outermost one collects when a collection is due. */
export function unpin(participant: usize): void {
  if (CUSTOM) epoch.unpin<CustomFree>(participant);
  else epoch.unpin<MemoryFree>(participant);
}

/** Hands over a block, to be freed when every participant that is pinned now has unpinned. */
export function retire(participant: usize, block: usize, bytes: u32): void {
  if (CUSTOM) epoch.retire<CustomFree>(participant, block, bytes);
  else epoch.retire(participant, block, bytes);
}

/** Frees what a participant, and those that have left, retired long enough ago. */
export function collect(participant: usize): void {
  if (CUSTOM) epoch.collect<CustomFree>(participant);
  else epoch.collect(participant);
}

/** Tries hard to free everything of these. Returns whether nothing is left. */
export function drain(participant: usize): bool {
  return CUSTOM ? epoch.drain<CustomFree>(participant) : epoch.drain(participant);
}

/** Ends a participant's part in the scheme. Before `unregister`. */
export function leave(participant: usize): void {
  if (CUSTOM) epoch.leave<CustomFree>(participant);
  else epoch.leave(participant);
}

/** Settles what a dead participant was in the middle of, but for its pin. */
export function repairEpochs(dead: usize, by: u32): void {
  if (CUSTOM) epoch.repairEpochs<CustomFree>(dead, by);
  else epoch.repairEpochs(dead, by);
}

/** Ends a dead participant's part in the scheme, in its stead. */
export function recoverEpochs(dead: usize): void {
  epoch.recoverEpochs(dead);
}

/** Ends the part of the participant that this instance has joined as, and gives it back. */
export function part(participant: usize): void {
  leave(participant);
  partFromRegion(participant);
}

/** Recovers a participant that another instance of this thread has abandoned: see memory's self.ts. */
export function recover(number: u32, mark: u32): void {
  const dead = claimAbandoned(number, mark);
  if (dead === 0) return;
  const by = ownNumber();
  repairMemory(dead, by);
  repairEpochs(dead, by);
  recoverEpochs(dead);
  recoverMemory(dead, by);
  dropRegion();
}
