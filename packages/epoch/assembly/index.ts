/*
 * Epoch-based reclamation: when may a block that was taken out of a shared structure be freed, if
 * readers take no locks and may still be looking at it?
 *
 *   global epoch   ... 6 | 7 ............... | 8 ......... | 9 .....
 *   reader A          [pin 6 ........ unpin]
 *   reader B                 [pin 7 .............. unpin]
 *   writer                      ^ unlinks X, retires it in 7       ^ X is freed: 7 + 2 <= 9
 *
 * There is one global epoch. A participant (a thread, in one region) that is about to read announces
 * the global epoch it sees, and clears the announcement when it holds no block any more: it is pinned
 * in between. The epoch goes from e to e + 1 only if everyone who is pinned announces e. A block that
 * was retired while the epoch was e is freed once the epoch has reached e + 2.
 *
 * Why that is enough, however long any thread is stalled between any two instructions. Let X be
 * unlinked, then retired with the label r (R1), and freed by somebody who saw the epoch at r + 2 (C1).
 * All the words that matter are accessed atomically, hence in one total order. Let P hold X when it is
 * freed. P got it by a load, so P announced (N1), then loaded a way to X, then X was unlinked, then r
 * was read. P announces a, which was the epoch at some time before (N2), so a <= r (G1). The step from
 * r + 1 to r + 2 was made by a thread that saw r + 1 and then looked at P (G2): after r was read,
 * hence after P announced. It found a, and a <= r is not r + 1: it did not make the step. So P had
 * unpinned. Nothing here asks that a is recent, so a pin that stalls between its two halves is safe;
 * nor that an advancer is quick, as a step is a compare-and-swap; nor that the label is recent. A
 * participant that registers meanwhile is in the table before it announces, so the argument has it.
 *
 * The price: who stays pinned keeps everything that is retired after the next step from being freed.
 * What others leave unfreed is bounded: limits.ts says when they collect, and that they try harder
 * above a hard bound. No operation waits for another thread.
 *
 *   layout.ts       the words, drawn             N  pin.ts      announce, hold, let go
 *   G  global.ts    the epoch and its steps      R  retire.ts   hand over a block
 *   C  collect.ts   free what is old enough      O  orphans.ts  leave, and who frees what was left
 *   claim.ts        whose area nobody has        recover.ts     what a dead thread leaves
 *   limits.ts       when, and how hard           memory-free.ts what frees a block, by default
 *   stats.ts        what waits, and for whom     verify.ts      is it all true
 *   module.ts       what JavaScript calls        host.ts        what it is asked to do
 *   module-debug.ts what tests call besides, in the repository only
 *
 * Compile with `--use DEBUG=0|1`: 1 checks preconditions (by a trap) and shrinks the limits.
 * `retire`, `unpin`, `collect`, `drain` and `leave` are generic over what frees a block; without a
 * type argument it is @masstree/memory.
 *
 * Source: Fraser, "Practical lock-freedom" (PhD thesis, Cambridge, 2004), section 5.2.3; the form with
 * one announcement per participant and blocks labelled with the global epoch is crossbeam-epoch's.
 */
export { collect, drain } from "./collect";
export { globalEpoch, takeObstacle, tryAdvance } from "./global";
export { BAGS, RETIRE_TAIL } from "./layout";
export {
  COLLECT_BLOCKS,
  COLLECT_BYTES,
  DRAIN_TRIES,
  HARD_BLOCKS,
  HARD_BYTES,
  RELIEF_TRIES,
} from "./limits";
export { MemoryFree } from "./memory-free";
export { leave } from "./orphans";
export { announce, isPinned, pin, unpin } from "./pin";
export { recoverEpochs, settleEpochs, wasRetired } from "./recover";
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
