"use strict";
/*
 * How much garbage may gather before something is done about it. All are compile-time constants, and
 * shrink with DEBUG so that collections, and races with them, are common in tests.
 *
 * Debt counts what was retired since the last collection, in bytes, where a small block counts as
 * MINIMUM_DEBT: a collection is due after COLLECT_BLOCKS blocks or COLLECT_BYTES bytes, whichever
 * comes first.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.DRAIN_TRIES = exports.RELIEF_TRIES = exports.HARD_BYTES = exports.HARD_BLOCKS = exports.MINIMUM_DEBT = exports.COLLECT_BYTES = exports.COLLECT_BLOCKS = void 0;
/** Retirements after which a collection is due, however small the blocks. */
exports.COLLECT_BLOCKS = DEBUG ? 4 : 32;
/** Bytes retired after which a collection is due, however few the blocks. */
exports.COLLECT_BYTES = DEBUG ? 1024 : 32 * 1024;
/** What one retired block adds to the debt at least. */
exports.MINIMUM_DEBT = exports.COLLECT_BYTES / exports.COLLECT_BLOCKS;
/** Blocks held above which a collection tries hard: RELIEF_TRIES times. */
exports.HARD_BLOCKS = DEBUG ? 16 : 256;
/** Bytes held above which a collection tries hard: RELIEF_TRIES times. */
exports.HARD_BYTES = DEBUG ? 4096 : 256 * 1024;
/**
 * Attempts to advance the epoch in a collection that tries hard. Two that succeed are enough; the
 * rest give a participant that is pinned for a moment the time to unpin.
 */
exports.RELIEF_TRIES = 16;
/** Attempts to advance the epoch in `drain`. Three that succeed are enough. */
exports.DRAIN_TRIES = 256;
