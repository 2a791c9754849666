import type { TreeInstance } from "./instance.ts";
import { threadEnds } from "./thread-ends.ts";

/** One participant: one thread's use of the map. */
export interface ParticipantStats {
  /** Its number, from 1: what `release` takes. */
  readonly number: number;
  /** Whether it is this object's. */
  readonly self: boolean;
  /** The id of its thread in its engine (`threadId` of node:worker_threads), where that is known. */
  readonly threadId: number | undefined;
  /** `"dead"` when its thread is known to have ended, and what it held is about to be given back. */
  readonly state: "live" | "dead";
  /** Whether it is in an operation at this moment. */
  readonly pinned: boolean;
  /**
   * By how many epochs it is behind: 0, or 1 when what was retired since cannot be freed before its
   * operation ends; more only for a thread that was stopped as the operation began.
   */
  readonly epochsBehind: number;
  /**
   * How long that has been so, in attempts of any thread to free memory that failed because of this
   * operation: 0 or a few for one of a moment, thousands for one that does not end while others write.
   */
  readonly delays: number;
  /**
   * For how many milliseconds its operation has lasted at least: since the first of those attempts, or 0
   * when there was none. By the clock of `Date.now()`.
   */
  readonly pinnedFor: number;
}

/** What a map is made of. Counts and bytes are exact when no one is writing. */
export interface MapStats {
  /** Entries. */
  readonly size: number;
  /** Entries a leaf has room for. */
  readonly width: number;
  /** B+trees that make up the trie: 1, and one for every 8 bytes that two or more keys share. */
  readonly layers: number;
  /** Leaves, of all layers. */
  readonly leaves: number;
  /** Nodes above leaves, of all layers. */
  readonly internodes: number;
  /** Levels above the leaves of the first layer. */
  readonly height: number;
  /** How full leaves are, 0 to 1: entries, and slots that lead to layers, of all slots. */
  readonly fill: number;
  /** Bytes in blocks that are in use, retired ones included. */
  readonly liveBytes: number;
  /** Bytes in blocks that were taken out of the map and wait until no one can be looking at them. */
  readonly retiredBytes: number;
  /** Bytes of the memory. */
  readonly committedBytes: number;
  /** Bytes that are neither in blocks nor free for them: the region's own, and participants'. */
  readonly overheadBytes: number;
  /** Leaves that were split since the map was made. */
  readonly splits: number;
  /** Searches that had to start over since the map was made, because others had changed what they were in. */
  readonly retries: number;
  /** Everyone who has the map open, and those whose end is known and not yet made up for. */
  readonly participants: readonly ParticipantStats[];
}

/** @internal */
export function statsOf({ exports, width }: TreeInstance): MapStats {
  const size = exports.size();
  const layers = exports.layers();
  const leaves = exports.leaves();
  return {
    size,
    width,
    layers,
    leaves,
    internodes: exports.internodes(),
    height: exports.height(),
    fill: (size + layers - 1) / (leaves * width),
    liveBytes: exports.liveBytes(),
    retiredBytes: exports.retiredBytes(),
    committedBytes: exports.committedBytes(),
    overheadBytes: exports.overheadBytes(),
    splits: exports.splitCount(),
    retries: exports.restartCount(),
    participants: participantsOf(exports),
  };
}

function participantsOf(exports: TreeInstance["exports"]): ParticipantStats[] {
  const found: ParticipantStats[] = [];
  const self = exports.participantNumber();
  const last = exports.participants();
  for (let number = 1; number <= last; number++) {
    const state = exports.stateOf(number);
    if (state === 0) continue;
    const pinned = exports.pinnedOf(number);
    found.push({
      number,
      self: number === self,
      threadId: threadEnds.threadId(exports, number),
      state: state === 1 ? "live" : "dead",
      pinned: pinned > 0,
      epochsBehind: Math.max(0, pinned - 1),
      delays: exports.delaysOf(number) >>> 0,
      pinnedFor: elapsedSince(exports.delayedSinceOf(number)),
    });
  }
  return found;
}

/** 0 for never. The clock may have been set back meanwhile. */
function elapsedSince(time: number): number {
  return time === 0 ? 0 : Math.max(0, Date.now() - time);
}
