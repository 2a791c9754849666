"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.claim = claim;
exports.release = release;
/*
 * Claiming a descriptor that no thread is registered for, as registering does: by setting the lowest
 * bit of its word in the participant table, which @masstree/memory draws in its participants.ts.
 * While the bit is set nobody else gets the descriptor; the claimer uses the epoch area of it only.
 */
var assembly_1 = require("@masstree/memory/assembly");
var TAKEN = 1;
/**
 * Claims the descriptor at `index` of the table, unless somebody is registered for it or has claimed
 * it. One atomic load; when it looks free, one compare-and-swap.
 */
function claim(index, participant) {
    if ((0, assembly_1.isTaken)(index))
        return false;
    var word = participant;
    return atomic.cmpxchg(tableWord(index), word, word | TAKEN) === word;
}
/** Gives back what `claim` took. One atomic store. */
function release(index, participant) {
    atomic.store(tableWord(index), participant);
}
function tableWord(index) {
    return assembly_1.PARTICIPANTS + (index << 2);
}
