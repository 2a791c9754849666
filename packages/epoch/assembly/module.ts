/*
 * The module that the JavaScript wrapper instantiates. With CUSTOM=1 a block is freed by the import
 * `host.reclaim`, else by @masstree/memory in the same module.
 */
import { failure } from "@masstree/memory/assembly";
import { reclaim } from "./host";
import * as epoch from "./index";
import { MemoryFree } from "./index";

@unmanaged
class CustomFree {
  free(participant: usize, block: usize, bytes: u32): void {
    reclaim(participant, block, bytes);
  }
}

export { register, setMayWait, unregister } from "@masstree/memory/assembly";
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

/** Why `register` returned 0, as memory's FULL or TOO_MANY. */
export function registerFailure(): u32 {
  return failure;
}

export function epochsPlace(): usize {
  return epoch.epochsPlace;
}

export function unpin(participant: usize): void {
  if (CUSTOM) epoch.unpin<CustomFree>(participant);
  else epoch.unpin<MemoryFree>(participant);
}

export function retire(participant: usize, block: usize, bytes: u32): void {
  if (CUSTOM) epoch.retire<CustomFree>(participant, block, bytes);
  else epoch.retire(participant, block, bytes);
}

export function collect(participant: usize): void {
  if (CUSTOM) epoch.collect<CustomFree>(participant);
  else epoch.collect(participant);
}

export function drain(participant: usize): bool {
  return CUSTOM ? epoch.drain<CustomFree>(participant) : epoch.drain(participant);
}

export function leave(participant: usize): void {
  if (CUSTOM) epoch.leave<CustomFree>(participant);
  else epoch.leave(participant);
}

export function settleEpochs(dead: usize, by: usize): void {
  if (CUSTOM) epoch.settleEpochs<CustomFree>(dead, by);
  else epoch.settleEpochs(dead, by);
}

export function recoverEpochs(dead: usize): void {
  epoch.recoverEpochs(dead);
}
