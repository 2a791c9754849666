"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.leave = leave;
exports.freeOrphans = freeOrphans;
exports.countBags = countBags;
/*
 * What a participant leaves behind stays where it is, in the bags of its descriptor. Descriptors are
 * never freed, so nothing has to be moved at a moment when the mover may die, and no list is shared.
 *
 * Two ways lead out:
 *   - a thread that collects claims the descriptor, as if to register with it, frees what is old
 *     enough, and gives it back;
 *   - a thread that registers gets the descriptor, and what is in it, as its own.
 *
 * Invariants
 *   O1  the bags of a descriptor have one holder at a time: memory hands it out, to a registering or
 *       to a claiming thread, by one compare-and-swap, and takes it back by one atomic store.
 *   O2  a descriptor that nobody is registered for announces nothing.
 *   O3  one that nobody is registered for and whose bags are not all empty has `orphaned` set. The
 *       reverse need not hold: a holder clears the mark when it finds the bags empty.
 */
var assembly_1 = require("@masstree/memory/assembly");
var claim_1 = require("./claim");
var collect_1 = require("./collect");
var layout_1 = require("./layout");
/**
 * Ends a participant's part in the scheme: unpins it however deep, frees what can be freed and marks
 * the rest for others to free. Call it once, just before memory's `unregister`.
 *
 * Whoever takes over from a thread that died calls it too, in that thread's stead; it relies on
 * nothing but the bags, and counts what they hold anew.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the descriptor, still registered, which no other thread is using
 * O(participants + blocks held), times up to DRAIN_TRIES.
 */
function leave(participant) {
    var area = (0, layout_1.areaOf)(participant);
    area.depth = 0;
    (0, layout_1.storeAnnounced)(area, 0); // O2
    (0, layout_1.storeHeld)(area, countBags(area));
    (0, collect_1.drain)(participant);
    (0, layout_1.storeOrphaned)(area, (0, layout_1.loadHeld)(area) !== 0 ? 1 : 0); // O3
}
/**
 * Frees what is old enough of all that was left behind; the blocks go to `participant`'s caches.
 *
 * @returns whether some of it has to wait. What a registering thread has adopted does not count, nor
 *   what another thread is freeing at this moment.
 */
function freeOrphans(participant) {
    var left = false;
    var limit = (0, assembly_1.participantLimit)();
    for (var index = 0; index < limit; index++) {
        var other = (0, assembly_1.participantAt)(index);
        if (other === 0 || other === participant)
            continue;
        var area = (0, layout_1.areaOf)(other);
        if ((0, layout_1.loadOrphaned)(area) === 0 || !(0, claim_1.claim)(index, other))
            continue;
        (0, collect_1.freeExpired)(participant, area);
        if ((0, layout_1.loadHeld)(area) === 0)
            (0, layout_1.storeOrphaned)(area, 0);
        else
            left = true;
        (0, claim_1.release)(index, other);
    }
    return left;
}
/** What the bags hold, counted by walking them, as one word. By the holder. */
function countBags(area) {
    var held = 0;
    for (var index = 0; index < layout_1.BAGS; index++) {
        for (var head = (0, layout_1.bagOf)(area, index).head; head !== 0;) {
            var tail = changetype(head);
            held += (0, layout_1.packHeld)(1, tail.bytes);
            head = tail.next;
        }
    }
    return held;
}
