/*
 * What waits to be freed, and who holds the epoch back. Any thread may call these functions at any time. While
 * others retire and collect, a sum adds words that were read one after the other.
 */
import { participantAt, participantLimit } from "@masstree/memory/assembly";
import { globalEpoch } from "./global";
import {
  areaOf,
  heldBlocks,
  heldBytes,
  loadAnnounced,
  loadDelayedSince,
  loadDelays,
  loadHeld,
} from "./layout";

/**
 * How many blocks were retired and are not freed yet, by all participants and those that have left. Exact if no
 * thread is retiring or collecting. O(participants).
 */
export function retiredBlocks(): f64 {
  let blocks: f64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const participant = participantAt(index);
    if (participant !== 0) blocks += <f64>heldBlocks(loadHeld(areaOf(participant)));
  }
  return blocks;
}

/**
 * How many bytes those blocks have, as passed to `retire`. Exact if no thread is retiring or collecting.
 * O(participants).
 */
export function retiredBytes(): f64 {
  let bytes: f64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const participant = participantAt(index);
    if (participant !== 0) bytes += <f64>heldBytes(loadHeld(areaOf(participant)));
  }
  return bytes;
}

/**
 * The epoch that a participant announces, plus one; 0 if it is not pinned.
 *
 * @param participant any descriptor
 *
 * O(1), one atomic load.
 */
export function pinnedSince(participant: usize): u64 {
  const announced = loadAnnounced(areaOf(participant));
  return announced === 0 ? 0 : (announced >> 1) + 1;
}

/**
 * How many epochs the global one is ahead of a participant's announcement; 0 if it is not pinned. It is two or
 * more only for a participant that announced late. One that stays pinned keeps it at 1 at most, and everything
 * that is retired meanwhile waits.
 *
 * @param participant any descriptor
 *
 * O(1), two atomic loads.
 */
export function epochsBehind(participant: usize): u64 {
  const announced = loadAnnounced(areaOf(participant));
  return announced === 0 ? 0 : globalEpoch() - (announced >> 1);
}

/**
 * How many attempts to advance the epoch have failed because of a participant's present pin: 0 or a few for a
 * brief pin; for one that stays, the number grows as others retire. 0 if it is not pinned.
 *
 * @param participant any descriptor
 *
 * O(1), three atomic loads. Not exact if several threads try at once.
 */
export function delays(participant: usize): u32 {
  return loadDelays(areaOf(participant));
}

/**
 * When the first of those attempts failed: the pin is at least as old.
 *
 * @param participant any descriptor
 * @returns milliseconds since 1970 by the host's clock; 0 if there was none, or in modules that were compiled
 *   without HOST
 *
 * O(1), three atomic loads. Not exact if several threads try at once.
 */
export function delayedSince(participant: usize): f64 {
  return <f64>loadDelayedSince(areaOf(participant));
}
