"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.collect = collect;
exports.drain = drain;
exports.isDue = isDue;
exports.freeExpired = freeExpired;
exports.emptyBag = emptyBag;
/*
 * Collecting: freeing the blocks that no participant can hold any more.
 *
 * Invariants
 *   C1  a block retired in epoch e is freed only after the global epoch was seen at e + 2 or later.
 *   C2  a block is out of its bag before it is freed, and named by the area's `freeing` in between.
 *   C3  only the holder of an area (layout.ts) touches its bags.
 */
var global_1 = require("./global");
var layout_1 = require("./layout");
var limits_1 = require("./limits");
var orphans_1 = require("./orphans");
/**
 * Tries to advance the epoch, then frees what a participant and those that have left retired two or
 * more epochs ago. When the participant holds more than HARD_BLOCKS or HARD_BYTES, it tries that
 * several times. Never waits: with a participant that stays pinned, it frees what can be freed.
 *
 * `retire` and `unpin` call it when it is due; calling it more often is never wrong.
 *
 * @typeParam F how blocks are freed: an unmanaged class with the method
 *   `free(participant: usize, block: usize, bytes: u32): void`; MemoryFree if absent. All threads
 *   that work on one region must use the same.
 * @param participant the caller's own descriptor, pinned or not
 * O(participants + blocks freed).
 */
function collect(participant) {
    var area = (0, layout_1.areaOf)(participant);
    area.debt = 0;
    for (var tries = limits_1.RELIEF_TRIES; tries !== 0; tries--) {
        var advanced = (0, global_1.tryAdvance)();
        freeExpired(participant, area);
        if (!isHard(area) || (!advanced && area.depth !== 0))
            break;
    }
    (0, orphans_1.freeOrphans)(participant);
}
/**
 * Frees all that can be freed of what a participant and those that have left retired: everything,
 * when no other participant stays pinned meanwhile. For shutting down, and for when memory is full.
 * What other live participants retired stays with them. Never waits; tries DRAIN_TRIES times.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, not pinned: else it holds back what it retired
 *   itself while pinned
 * @returns whether nothing is left of either
 * O(participants + blocks freed), times up to DRAIN_TRIES.
 */
function drain(participant) {
    var area = (0, layout_1.areaOf)(participant);
    area.debt = 0;
    for (var tries = limits_1.DRAIN_TRIES; tries !== 0; tries--) {
        freeExpired(participant, area);
        var left = (0, orphans_1.freeOrphans)(participant);
        if (!left && (0, layout_1.loadHeld)(area) === 0)
            return true;
        (0, global_1.tryAdvance)();
    }
    return false;
}
/** Whether so much was retired since the last collection that the next one is due. */
function isDue(area) {
    return area.debt >= limits_1.COLLECT_BYTES;
}
function isHard(area) {
    var held = (0, layout_1.loadHeld)(area);
    return (0, layout_1.heldBlocks)(held) > limits_1.HARD_BLOCKS || (0, layout_1.heldBytes)(held) > limits_1.HARD_BYTES;
}
/** Frees the bags of an area that are two or more epochs old, for `participant`, its holder. */
function freeExpired(participant, area) {
    var epoch = (0, global_1.globalEpoch)();
    for (var index = 0; index < layout_1.BAGS; index++) {
        var bag = (0, layout_1.bagOf)(area, index);
        // C1, without the underflow of epoch - 2.
        if (bag.head !== 0 && bag.epoch + 2 <= epoch)
            emptyBag(participant, area, bag);
    }
}
/** Frees all blocks in a bag of `area`. The caller has established C1 and is its holder (C3). */
function emptyBag(participant, area, bag) {
    var freed = 0;
    for (var head = bag.head; head !== 0; head = bag.head) {
        var tail = changetype(head);
        var bytes = tail.bytes;
        var block = head + layout_1.RETIRE_TAIL - bytes;
        area.freeing = block; // C2
        bag.head = tail.next;
        changetype(0).free(participant, block, bytes);
        area.freeing = 0;
        freed += (0, layout_1.packHeld)(1, bytes);
    }
    if (freed !== 0)
        (0, layout_1.storeHeld)(area, (0, layout_1.loadHeld)(area) - freed);
}
