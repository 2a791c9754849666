/*
 * @masstree/session: a thread's use of a region, for any structure that threads share.
 *
 *   participant.ts  which participant this instance is
 *   attach.ts       attach and detach                      client.ts   what a structure tells about itself
 *   journal.ts      a write that is whole or absent        wait.ts     waiting for a node
 *   recover.ts      cleaning up after a dead thread        module.ts   exports that all structures have
 *
 * A structure consists of nodes that begin with a version word (@masstree/nodeversion). A reader pins, reads, and
 * checks versions. A writer pins, locks nodes, allocates, logs its changes, and commits. Whoever dies, either all
 * of a write happens or none of it.
 */
export { attach, detach } from "./attach";
export { Client, CONFIG_STRUCTURE, createStructure, holdsStructure } from "./client";
export {
  abortWrite,
  commitWrite,
  DELETES,
  GAINS_ROOT,
  INSERTS,
  LIST_CAPACITY,
  LOG_CAPACITY,
  LOSES_ROOT,
  lockedCount,
  lockedNode,
  lockNodeOrTimeout,
  markNode,
  retireAfterwards,
  SPLITS,
  unlockLast,
  write8,
  write32,
  write64,
  writeCounter,
} from "./journal";
export { enter, owner, participant, structureWord, sumOfShares } from "./participant";
export {
  endOperation,
  reclaim,
  recover,
  recoverGone,
  recoverOwner,
  recoverParticipant,
  recoverThread,
} from "./recover";
export { lockNode, stableVersion } from "./wait";
