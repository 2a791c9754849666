/*
 * Epoch-based reclamation. It answers one question: when may a block that was unlinked from a shared structure be
 * freed, if readers take no locks and may still be looking at it?
 *
 *   global epoch   ... 6 | 7 ............... | 8 ......... | 9 .....
 *   reader A          [pin 6 ........ unpin]
 *   reader B                 [pin 7 .............. unpin]
 *   writer                      ^ unlinks X, retires it in 7       ^ X is freed: 7 + 2 <= 9
 *
 * There is one global epoch. A participant (a thread, in one region) that is about to read announces the global
 * epoch that it sees, and clears the announcement once it holds no block any more. In between it is pinned. The
 * epoch goes from e to e + 1 only if every pinned participant announces e. A block that was retired while the
 * epoch was e is freed once the epoch has reached e + 2.
 *
 * This is enough, however long any thread stalls between any two instructions. Proof: let X be unlinked, then
 * retired with the label r (RETIRE1), and freed by a thread that saw the epoch at r + 2 (COLLECT1). All the words
 * that matter are accessed atomically, hence in one total order. Suppose P holds X when it is freed. P got it by a
 * load, so P announced (PIN1), then loaded a path to X, then X was unlinked, then r was read. P announces a, which
 * was the epoch at some earlier moment (PIN2), so a <= r (EPOCH1). The step from r + 1 to r + 2 was made by a
 * thread that saw r + 1 and then checked P (EPOCH2): after r was read, hence after P announced. It found a, and a
 * <= r is not r + 1: it did not make the step. So P had unpinned.
 *
 * Nothing here requires that a is recent, so a pin that stalls between its two halves is safe. Nor that an
 * advancer is quick, because a step is a compare-and-swap. Nor that the label is recent. A participant that
 * registers meanwhile is in the table before it announces, so the proof covers it.
 *
 * The price: a participant that stays pinned keeps everything that is retired after the next step from being
 * freed. What others leave unfreed is bounded: limits.ts says when they collect, and that they try harder above a
 * hard bound. No operation waits for another thread.
 *
 *   layout.ts       the words, drawn             pin.ts         announce, hold, let go
 *   global.ts       the epoch and its steps      retire.ts      pass a block on, to be freed
 *   collect.ts      free what is old enough      orphans.ts     what a participant leaves, and who frees it
 *   claim.ts        claiming a free descriptor   recover.ts     what a dead thread leaves
 *   limits.ts       when, and how hard           memory-free.ts what frees a block, by default
 *   stats.ts        what waits, and for whom     verify.ts      are all invariants true
 *   module.ts       what JavaScript calls        host.ts        what the host provides
 *   module-debug.ts what tests also call, in the repository only
 *
 * Compile with `--use DEBUG=0|1`: 1 checks preconditions (by a trap) and shrinks the limits. `retire`, `unpin`,
 * `collect`, `drain` and `leave` are generic over what frees a block; without a type argument it is
 * @masstree/memory.
 *
 * Source: Fraser, "Practical lock-freedom" (PhD thesis, Cambridge, 2004), section 5.2.3. The form with one
 * announcement per participant, and blocks labelled with the global epoch, is crossbeam-epoch's.
 */
export { collect, drain } from "./collect";
export { globalEpoch, takeBlocker, tryAdvance } from "./global";
export { RETIRE_LISTS, RETIRE_TAIL } from "./layout";
export { leave } from "./leave";
export {
  COLLECT_BLOCKS,
  COLLECT_BYTES,
  DRAIN_TRIES,
  HARD_BLOCKS,
  HARD_BYTES,
  RELIEF_TRIES,
} from "./limits";
export { MemoryFree } from "./memory-free";
export { announce, isPinned, pin, unpin } from "./pin";
export { recoverEpochs, repairEpochs, wasRetired } from "./recover";
export { retire } from "./retire";
export {
  delayedSince,
  delays,
  epochsBehind,
  pinnedSince,
  retiredBlocks,
  retiredBytes,
} from "./stats";
export {
  EPOCHS_BAD_COUNT,
  EPOCHS_BAD_FREEING,
  EPOCHS_BAD_LABEL,
  EPOCHS_BAD_LIST,
  EPOCHS_BAD_ORPHAN,
  EPOCHS_BAD_PIN,
  EPOCHS_OK,
  epochsPlace,
  retiredRealBytes,
  verifyEpochs,
} from "./verify";
