"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.verifyEpochs = exports.epochsPlace = exports.EPOCHS_OK = exports.EPOCHS_BAD_PIN = exports.EPOCHS_BAD_ORPHAN = exports.EPOCHS_BAD_LIST = exports.EPOCHS_BAD_LABEL = exports.EPOCHS_BAD_FREEING = exports.EPOCHS_BAD_COUNT = exports.retiredBytes = exports.retiredBlocks = exports.pinnedSince = exports.epochsBehind = exports.retire = exports.unpin = exports.pin = exports.isPinned = exports.announce = exports.leave = exports.MemoryFree = exports.RELIEF_TRIES = exports.HARD_BYTES = exports.HARD_BLOCKS = exports.DRAIN_TRIES = exports.COLLECT_BYTES = exports.COLLECT_BLOCKS = exports.RETIRE_TAIL = exports.EPOCH_AREA_BYTES = exports.BAGS = exports.tryAdvance = exports.globalEpoch = exports.drain = exports.collect = void 0;
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
 *   limits.ts       when, and how hard           stats.ts, verify.ts
 *
 * Compile with `--use DEBUG=0|1`: 1 checks preconditions (by a trap) and shrinks the limits.
 * `retire`, `unpin`, `collect`, `drain` and `leave` are generic over what frees a block; without a
 * type argument it is @masstree/memory.
 *
 * Source: Fraser, "Practical lock-freedom" (PhD thesis, Cambridge, 2004), section 5.2.3; the form with
 * one announcement per participant and blocks labelled with the global epoch is crossbeam-epoch's.
 */
var collect_1 = require("./collect");
Object.defineProperty(exports, "collect", { enumerable: true, get: function () { return collect_1.collect; } });
Object.defineProperty(exports, "drain", { enumerable: true, get: function () { return collect_1.drain; } });
var global_1 = require("./global");
Object.defineProperty(exports, "globalEpoch", { enumerable: true, get: function () { return global_1.globalEpoch; } });
Object.defineProperty(exports, "tryAdvance", { enumerable: true, get: function () { return global_1.tryAdvance; } });
var layout_1 = require("./layout");
Object.defineProperty(exports, "BAGS", { enumerable: true, get: function () { return layout_1.BAGS; } });
Object.defineProperty(exports, "EPOCH_AREA_BYTES", { enumerable: true, get: function () { return layout_1.EPOCH_AREA_BYTES; } });
Object.defineProperty(exports, "RETIRE_TAIL", { enumerable: true, get: function () { return layout_1.RETIRE_TAIL; } });
var limits_1 = require("./limits");
Object.defineProperty(exports, "COLLECT_BLOCKS", { enumerable: true, get: function () { return limits_1.COLLECT_BLOCKS; } });
Object.defineProperty(exports, "COLLECT_BYTES", { enumerable: true, get: function () { return limits_1.COLLECT_BYTES; } });
Object.defineProperty(exports, "DRAIN_TRIES", { enumerable: true, get: function () { return limits_1.DRAIN_TRIES; } });
Object.defineProperty(exports, "HARD_BLOCKS", { enumerable: true, get: function () { return limits_1.HARD_BLOCKS; } });
Object.defineProperty(exports, "HARD_BYTES", { enumerable: true, get: function () { return limits_1.HARD_BYTES; } });
Object.defineProperty(exports, "RELIEF_TRIES", { enumerable: true, get: function () { return limits_1.RELIEF_TRIES; } });
var memory_free_1 = require("./memory-free");
Object.defineProperty(exports, "MemoryFree", { enumerable: true, get: function () { return memory_free_1.MemoryFree; } });
var orphans_1 = require("./orphans");
Object.defineProperty(exports, "leave", { enumerable: true, get: function () { return orphans_1.leave; } });
var pin_1 = require("./pin");
Object.defineProperty(exports, "announce", { enumerable: true, get: function () { return pin_1.announce; } });
Object.defineProperty(exports, "isPinned", { enumerable: true, get: function () { return pin_1.isPinned; } });
Object.defineProperty(exports, "pin", { enumerable: true, get: function () { return pin_1.pin; } });
Object.defineProperty(exports, "unpin", { enumerable: true, get: function () { return pin_1.unpin; } });
var retire_1 = require("./retire");
Object.defineProperty(exports, "retire", { enumerable: true, get: function () { return retire_1.retire; } });
var stats_1 = require("./stats");
Object.defineProperty(exports, "epochsBehind", { enumerable: true, get: function () { return stats_1.epochsBehind; } });
Object.defineProperty(exports, "pinnedSince", { enumerable: true, get: function () { return stats_1.pinnedSince; } });
Object.defineProperty(exports, "retiredBlocks", { enumerable: true, get: function () { return stats_1.retiredBlocks; } });
Object.defineProperty(exports, "retiredBytes", { enumerable: true, get: function () { return stats_1.retiredBytes; } });
var verify_1 = require("./verify");
Object.defineProperty(exports, "EPOCHS_BAD_COUNT", { enumerable: true, get: function () { return verify_1.EPOCHS_BAD_COUNT; } });
Object.defineProperty(exports, "EPOCHS_BAD_FREEING", { enumerable: true, get: function () { return verify_1.EPOCHS_BAD_FREEING; } });
Object.defineProperty(exports, "EPOCHS_BAD_LABEL", { enumerable: true, get: function () { return verify_1.EPOCHS_BAD_LABEL; } });
Object.defineProperty(exports, "EPOCHS_BAD_LIST", { enumerable: true, get: function () { return verify_1.EPOCHS_BAD_LIST; } });
Object.defineProperty(exports, "EPOCHS_BAD_ORPHAN", { enumerable: true, get: function () { return verify_1.EPOCHS_BAD_ORPHAN; } });
Object.defineProperty(exports, "EPOCHS_BAD_PIN", { enumerable: true, get: function () { return verify_1.EPOCHS_BAD_PIN; } });
Object.defineProperty(exports, "EPOCHS_OK", { enumerable: true, get: function () { return verify_1.EPOCHS_OK; } });
Object.defineProperty(exports, "epochsPlace", { enumerable: true, get: function () { return verify_1.epochsPlace; } });
Object.defineProperty(exports, "verifyEpochs", { enumerable: true, get: function () { return verify_1.verifyEpochs; } });
