"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.retiredBlocks = retiredBlocks;
exports.retiredBytes = retiredBytes;
exports.pinnedSince = pinnedSince;
exports.epochsBehind = epochsBehind;
/*
 * What waits to be freed, and who holds the epoch back. Safe to call at any time, from any thread;
 * while others retire and collect, a sum is of words read one after the other.
 */
var assembly_1 = require("@masstree/memory/assembly");
var global_1 = require("./global");
var layout_1 = require("./layout");
/**
 * How many blocks were retired and are not freed yet, by all participants and those that have left.
 * Exact when no one is retiring or collecting. O(participants).
 */
function retiredBlocks() {
    var blocks = 0;
    var limit = (0, assembly_1.participantLimit)();
    for (var index = 0; index < limit; index++) {
        var participant = (0, assembly_1.participantAt)(index);
        if (participant !== 0)
            blocks += (0, layout_1.heldBlocks)((0, layout_1.loadHeld)((0, layout_1.areaOf)(participant)));
    }
    return blocks;
}
/**
 * How many bytes those blocks have, as given to `retire`.
 * Exact when no one is retiring or collecting. O(participants).
 */
function retiredBytes() {
    var bytes = 0;
    var limit = (0, assembly_1.participantLimit)();
    for (var index = 0; index < limit; index++) {
        var participant = (0, assembly_1.participantAt)(index);
        if (participant !== 0)
            bytes += (0, layout_1.heldBytes)((0, layout_1.loadHeld)((0, layout_1.areaOf)(participant)));
    }
    return bytes;
}
/**
 * The epoch that a participant announces, plus one; 0 when it is not pinned.
 *
 * @param participant any descriptor
 * O(1), one atomic load.
 */
function pinnedSince(participant) {
    var announced = (0, layout_1.loadAnnounced)((0, layout_1.areaOf)(participant));
    return announced === 0 ? 0 : (announced >> 1) + 1;
}
/**
 * How many epochs the global one is ahead of what a participant announces; 0 when it is not pinned.
 * Two or more only for a participant that announced late; one that stays pinned keeps it at 1 at
 * most, and everything that is retired meanwhile waits.
 *
 * @param participant any descriptor
 * O(1), two atomic loads.
 */
function epochsBehind(participant) {
    var announced = (0, layout_1.loadAnnounced)((0, layout_1.areaOf)(participant));
    return announced === 0 ? 0 : (0, global_1.globalEpoch)() - (announced >> 1);
}
