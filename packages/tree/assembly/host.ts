/**
 * What the tree asks of its host (the imports of the released modules, which JavaScript provides).
 */

/** 1 when it is certain that the thread of the participant with this number has ended, 0 when it runs or nobody knows. */
export declare function isGone(number: u32): u32;
