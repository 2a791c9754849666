"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pin = pin;
exports.announce = announce;
exports.unpin = unpin;
exports.isPinned = isPinned;
/*
 * Pinning: while a participant is pinned, no block that it can reach is freed.
 *
 * Invariants
 *   N1  the announcement is stored before the first shared load of the pinned section and cleared
 *       after its last one. All of these are sequentially consistent, so no fence is needed.
 *   N2  the announced epoch was the global one at some moment before the announcement. It may be any
 *       number of epochs old by then: a late announcement only keeps the epoch where it is.
 */
var collect_1 = require("./collect");
var global_1 = require("./global");
var layout_1 = require("./layout");
/**
 * Pins a participant: blocks that it can reach from now on stay until it unpins, however long that
 * is. Pins nest; the outermost one counts.
 *
 * @param participant the caller's own descriptor
 * O(1): the outermost pin is one atomic load and one atomic store, an inner one neither.
 * Writes the epoch area's `announced` and `depth`.
 */
function pin(participant) {
    var area = (0, layout_1.areaOf)(participant);
    var depth = area.depth;
    if (depth === 0)
        announce(participant, (0, global_1.globalEpoch)());
    area.depth = depth + 1;
}
/**
 * The second half of an outermost pin: tells all threads that the participant may hold what was
 * reachable. Only for tests of what lies between the halves; use `pin`.
 *
 * @param participant the caller's own descriptor
 * @param epoch what `globalEpoch()` returned, at any time before (N2)
 */
function announce(participant, epoch) {
    (0, layout_1.storeAnnounced)((0, layout_1.areaOf)(participant), (epoch << 1) | 1);
}
/**
 * Undoes one `pin`. The outermost one lets go of everything read while pinned, and collects when a
 * collection is due: here and not when retiring, because a pinned participant holds back the epoch.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, pinned; with DEBUG, a trap if it is not
 * O(1), one atomic store; when a collection is due, as `collect`.
 */
function unpin(participant) {
    var area = (0, layout_1.areaOf)(participant);
    if (DEBUG)
        assert(area.depth !== 0);
    var depth = area.depth - 1;
    area.depth = depth;
    if (depth !== 0)
        return;
    (0, layout_1.storeAnnounced)(area, 0);
    if ((0, collect_1.isDue)(area))
        (0, collect_1.collect)(participant);
}
/** Whether a participant is pinned, as its own thread sees it. O(1). */
function isPinned(participant) {
    return (0, layout_1.areaOf)(participant).depth !== 0;
}
