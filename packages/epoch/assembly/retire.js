"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.retire = retire;
/*
 * Retiring: handing over a block that no reader can newly find, to be freed when no reader can still
 * hold it.
 *
 * Invariants
 *   R1  a block's epoch is read from the global word after the block was unlinked.
 *   R2  one store puts the block into the bag, and is the last store to the bag: whoever takes over
 *       from a thread that died finds the block at the head of one of its bags, or not retired.
 */
var collect_1 = require("./collect");
var global_1 = require("./global");
var layout_1 = require("./layout");
var limits_1 = require("./limits");
/**
 * Retires a block: it is freed once every participant that is pinned now has unpinned.
 *
 * Never allocates, never fails, never waits. What was retired is collected when the caller unpins;
 * a caller that retires much in one pinned section, or without being pinned, collects here as well.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, pinned or not
 * @param block the block's address. Nothing that a thread can still find may lead to it: it was
 *   unlinked, with an atomic store, from everything that is not itself retired before.
 * @param bytes the block's length as it was allocated, at least RETIRE_TAIL. Its last RETIRE_TAIL
 *   bytes are overwritten; readers that hold the block must not look at them.
 * O(1), one atomic load and store; when a collection is due, as `collect`.
 * Source: Fraser, "Practical lock-freedom" (2004), section 5.2.3.
 */
function retire(participant, block, bytes) {
    if (DEBUG)
        assert(block !== 0 && bytes >= layout_1.RETIRE_TAIL);
    var area = (0, layout_1.areaOf)(participant);
    // Before the block goes in, so that R2 holds at the end of this call. A pinned caller leaves it to
    // `unpin`, where the epoch can advance further, unless that is long in coming.
    if (area.depth === 0 ? (0, collect_1.isDue)(area) : area.debt >= 2 * limits_1.COLLECT_BYTES)
        (0, collect_1.collect)(participant);
    var epoch = (0, global_1.globalEpoch)(); // R1
    var bag = (0, layout_1.bagOf)(area, epoch);
    if (bag.epoch !== epoch) {
        (0, collect_1.emptyBag)(participant, area, bag); // It is a multiple of four epochs old.
        bag.epoch = epoch;
    }
    var tail = changetype(block + bytes - layout_1.RETIRE_TAIL);
    tail.next = bag.head;
    tail.bytes = bytes;
    bag.head = changetype(tail); // R2
    (0, layout_1.storeHeld)(area, (0, layout_1.loadHeld)(area) + (0, layout_1.packHeld)(1, bytes));
    area.debt += min(max(bytes, limits_1.MINIMUM_DEBT), limits_1.COLLECT_BYTES);
}
