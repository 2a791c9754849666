"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.epochsPlace = exports.EPOCHS_BAD_FREEING = exports.EPOCHS_BAD_ORPHAN = exports.EPOCHS_BAD_PIN = exports.EPOCHS_BAD_COUNT = exports.EPOCHS_BAD_LIST = exports.EPOCHS_BAD_LABEL = exports.EPOCHS_OK = void 0;
exports.verifyEpochs = verifyEpochs;
/*
 * The executable form of the invariants, for a region that nobody is using at the moment. Nothing is
 * changed.
 */
var assembly_1 = require("@masstree/memory/assembly");
var global_1 = require("./global");
var layout_1 = require("./layout");
/** All invariants hold. */
exports.EPOCHS_OK = 0;
/** A bag is labelled with an epoch that is still to come, or that belongs into another bag. */
exports.EPOCHS_BAD_LABEL = 1;
/** A block in a bag has an impossible length or link, or there are more blocks than `held` says. */
exports.EPOCHS_BAD_LIST = 2;
/** `held` is not what the bags hold. */
exports.EPOCHS_BAD_COUNT = 3;
/** A participant announces an epoch that is still to come, or announces one without being pinned. */
exports.EPOCHS_BAD_PIN = 4;
/** A descriptor that nobody is registered for announces an epoch, or holds blocks without a mark. */
exports.EPOCHS_BAD_ORPHAN = 5;
/** A participant was in the middle of freeing a block. */
exports.EPOCHS_BAD_FREEING = 6;
/** Where the last `verifyEpochs` of this instance found something: a participant's address, or 0. */
exports.epochsPlace = 0;
/**
 * Checks the epoch areas of all participants. Only meaningful while no thread uses the region.
 *
 * @returns EPOCHS_OK, or the first EPOCHS_BAD_... found, with the participant in `epochsPlace`
 * O(participants + blocks retired).
 */
function verifyEpochs() {
    var limit = (0, assembly_1.participantLimit)();
    for (var index = 0; index < limit; index++) {
        var participant = (0, assembly_1.participantAt)(index);
        if (participant === 0)
            continue;
        exports.epochsPlace = participant;
        var code = verifyArea((0, layout_1.areaOf)(participant), (0, assembly_1.isTaken)(index));
        if (code !== exports.EPOCHS_OK)
            return code;
    }
    exports.epochsPlace = 0;
    return exports.EPOCHS_OK;
}
function verifyArea(area, registered) {
    var epoch = (0, global_1.globalEpoch)();
    var announced = (0, layout_1.loadAnnounced)(area);
    if (announced !== 0 && ((announced & 1) === 0 || announced >> 1 > epoch))
        return exports.EPOCHS_BAD_PIN;
    if ((announced !== 0) !== (area.depth !== 0))
        return exports.EPOCHS_BAD_PIN;
    if (area.freeing !== 0)
        return exports.EPOCHS_BAD_FREEING;
    var held = (0, layout_1.loadHeld)(area);
    var found = 0;
    for (var index = 0; index < layout_1.BAGS; index++) {
        var bag = (0, layout_1.bagOf)(area, index);
        if (bag.head === 0)
            continue;
        if (bag.epoch > epoch || (bag.epoch & (layout_1.BAGS - 1)) !== index)
            return exports.EPOCHS_BAD_LABEL;
        for (var head = bag.head; head !== 0;) {
            var tail = changetype(head);
            if (tail.bytes < layout_1.RETIRE_TAIL || tail.bytes > head + layout_1.RETIRE_TAIL)
                return exports.EPOCHS_BAD_LIST;
            found += (0, layout_1.packHeld)(1, tail.bytes);
            if (found > held)
                return exports.EPOCHS_BAD_LIST; // Also ends a walk in circles.
            head = tail.next;
        }
    }
    if (found !== held)
        return exports.EPOCHS_BAD_COUNT;
    if (!registered && (announced !== 0 || (held !== 0 && (0, layout_1.loadOrphaned)(area) === 0))) {
        return exports.EPOCHS_BAD_ORPHAN;
    }
    return exports.EPOCHS_OK;
}
