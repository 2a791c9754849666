"use strict";
var __esDecorate = (this && this.__esDecorate) || function (ctor, descriptorIn, decorators, contextIn, initializers, extraInitializers) {
    function accept(f) { if (f !== void 0 && typeof f !== "function") throw new TypeError("Function expected"); return f; }
    var kind = contextIn.kind, key = kind === "getter" ? "get" : kind === "setter" ? "set" : "value";
    var target = !descriptorIn && ctor ? contextIn["static"] ? ctor : ctor.prototype : null;
    var descriptor = descriptorIn || (target ? Object.getOwnPropertyDescriptor(target, contextIn.name) : {});
    var _, done = false;
    for (var i = decorators.length - 1; i >= 0; i--) {
        var context = {};
        for (var p in contextIn) context[p] = p === "access" ? {} : contextIn[p];
        for (var p in contextIn.access) context.access[p] = contextIn.access[p];
        context.addInitializer = function (f) { if (done) throw new TypeError("Cannot add initializers after decoration has completed"); extraInitializers.push(accept(f || null)); };
        var result = (0, decorators[i])(kind === "accessor" ? { get: descriptor.get, set: descriptor.set } : descriptor[key], context);
        if (kind === "accessor") {
            if (result === void 0) continue;
            if (result === null || typeof result !== "object") throw new TypeError("Object expected");
            if (_ = accept(result.get)) descriptor.get = _;
            if (_ = accept(result.set)) descriptor.set = _;
            if (_ = accept(result.init)) initializers.unshift(_);
        }
        else if (_ = accept(result)) {
            if (kind === "field") initializers.unshift(_);
            else descriptor[key] = _;
        }
    }
    if (target) Object.defineProperty(target, contextIn.name, descriptor);
    done = true;
};
var __runInitializers = (this && this.__runInitializers) || function (thisArg, initializers, value) {
    var useValue = arguments.length > 2;
    for (var i = 0; i < initializers.length; i++) {
        value = useValue ? initializers[i].call(thisArg, value) : initializers[i].call(thisArg);
    }
    return useValue ? value : void 0;
};
var __setFunctionName = (this && this.__setFunctionName) || function (f, name, prefix) {
    if (typeof name === "symbol") name = name.description ? "[".concat(name.description, "]") : "";
    return Object.defineProperty(f, "name", { configurable: true, value: prefix ? "".concat(prefix, " ", name) : name });
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.Tail = exports.Bag = exports.EpochArea = exports.BAGS = exports.RETIRE_TAIL = exports.EPOCH_AREA_BYTES = void 0;
exports.areaOf = areaOf;
exports.bagOf = bagOf;
exports.loadAnnounced = loadAnnounced;
exports.storeAnnounced = storeAnnounced;
exports.loadHeld = loadHeld;
exports.storeHeld = storeHeld;
exports.packHeld = packHeld;
exports.heldBlocks = heldBlocks;
exports.heldBytes = heldBytes;
exports.loadOrphaned = loadOrphaned;
exports.storeOrphaned = storeOrphaned;
/*
 * What the epoch scheme keeps in shared memory.
 *
 * The global epoch: one u64 in the region's header, at GLOBAL_EPOCH, on a cache line of its own. It
 * starts at 0 in zeroed memory and is only ever increased by one, by compare-and-swap (global.ts).
 * At a billion steps a second it would wrap after 584 years.
 *
 * The epoch area: EPOCH_AREA_BYTES in every participant's descriptor, at PARTICIPANT_EPOCH.
 *
 *   offset bytes name       written by     read by   how
 *        0     8 announced  owner          all       atomic   0: not pinned; else epoch << 1 | 1
 *        8     8 held       holder         all       atomic   blocks << 32 | bytes in the bags
 *       16     4 orphaned   holder         all       atomic   1: may hold blocks though nobody owns it
 *       20     4 depth      owner          owner     plain    how many pins are nested
 *       24     4 debt       owner          owner     plain    retired since the last collection
 *       28     4 freeing    holder         holder    plain    block in the middle of being freed, or 0
 *       32    32 (unused: the bags have a line to themselves)
 *       64    64 bags       holder         holder    plain    4 x { epoch u64, head u32, unused u32 }
 *
 * The owner is the thread that the participant is registered for. The holder is the owner, or, while
 * nobody is registered, the thread that has claimed the descriptor (orphans.ts): never two at a time.
 *
 * A bag is a list of the blocks that were retired in one epoch: the bag at epoch mod 4. It is linked
 * through the last RETIRE_TAIL bytes of each block, so that retiring needs no memory:
 *
 *   block                        bytes - 8   bytes - 4    bytes
 *   +----------------------------+-----------+-----------+
 *   | whatever it was, untouched | next tail |   bytes   |       little-endian u32 each
 *   +----------------------------+-----------+-----------+
 *                                ^ what head and next point to; 0 ends the list
 *
 * `held` is derived from the bags (by one walk); everything else is primary.
 */
var assembly_1 = require("@masstree/memory/assembly");
/** Bytes of a participant's descriptor that belong to this package. */
exports.EPOCH_AREA_BYTES = 128;
/**
 * Bytes at the end of every block that is ever retired which belong to this package, from the moment
 * of retirement: readers that still hold the block must not look there.
 */
exports.RETIRE_TAIL = 8;
/**
 * Bags of a participant. Three would do: blocks of the current epoch and of the one before must wait,
 * older ones may be freed. With four the index is a mask, and a bag that comes round is four epochs
 * old.
 */
exports.BAGS = 4;
var EpochArea = function () {
    var _classDecorators = [unmanaged];
    var _classDescriptor;
    var _classExtraInitializers = [];
    var _classThis;
    var EpochArea = _classThis = /** @class */ (function () {
        function EpochArea_1() {
        }
        return EpochArea_1;
    }());
    __setFunctionName(_classThis, "EpochArea");
    (function () {
        var _metadata = typeof Symbol === "function" && Symbol.metadata ? Object.create(null) : void 0;
        __esDecorate(null, _classDescriptor = { value: _classThis }, _classDecorators, { kind: "class", name: _classThis.name, metadata: _metadata }, null, _classExtraInitializers);
        EpochArea = _classThis = _classDescriptor.value;
        if (_metadata) Object.defineProperty(_classThis, Symbol.metadata, { enumerable: true, configurable: true, writable: true, value: _metadata });
        __runInitializers(_classThis, _classExtraInitializers);
    })();
    return EpochArea = _classThis;
}();
exports.EpochArea = EpochArea;
var Bag = function () {
    var _classDecorators = [unmanaged];
    var _classDescriptor;
    var _classExtraInitializers = [];
    var _classThis;
    var Bag = _classThis = /** @class */ (function () {
        function Bag_1() {
        }
        return Bag_1;
    }());
    __setFunctionName(_classThis, "Bag");
    (function () {
        var _metadata = typeof Symbol === "function" && Symbol.metadata ? Object.create(null) : void 0;
        __esDecorate(null, _classDescriptor = { value: _classThis }, _classDecorators, { kind: "class", name: _classThis.name, metadata: _metadata }, null, _classExtraInitializers);
        Bag = _classThis = _classDescriptor.value;
        if (_metadata) Object.defineProperty(_classThis, Symbol.metadata, { enumerable: true, configurable: true, writable: true, value: _metadata });
        __runInitializers(_classThis, _classExtraInitializers);
    })();
    return Bag = _classThis;
}();
exports.Bag = Bag;
var Tail = function () {
    var _classDecorators = [unmanaged];
    var _classDescriptor;
    var _classExtraInitializers = [];
    var _classThis;
    var Tail = _classThis = /** @class */ (function () {
        function Tail_1() {
        }
        return Tail_1;
    }());
    __setFunctionName(_classThis, "Tail");
    (function () {
        var _metadata = typeof Symbol === "function" && Symbol.metadata ? Object.create(null) : void 0;
        __esDecorate(null, _classDescriptor = { value: _classThis }, _classDecorators, { kind: "class", name: _classThis.name, metadata: _metadata }, null, _classExtraInitializers);
        Tail = _classThis = _classDescriptor.value;
        if (_metadata) Object.defineProperty(_classThis, Symbol.metadata, { enumerable: true, configurable: true, writable: true, value: _metadata });
        __runInitializers(_classThis, _classExtraInitializers);
    })();
    return Tail = _classThis;
}();
exports.Tail = Tail;
/** A participant's epoch area. */
function areaOf(participant) {
    return changetype(participant + assembly_1.PARTICIPANT_EPOCH);
}
/** The bag for blocks retired in `epoch`; also bag number `epoch` when that is below BAGS. */
function bagOf(area, epoch) {
    var index = epoch & (exports.BAGS - 1);
    return changetype(changetype(area) + offsetof() + index * offsetof());
}
function loadAnnounced(area) {
    return atomic.load(changetype(area), offsetof("announced"));
}
function storeAnnounced(area, word) {
    atomic.store(changetype(area), word, offsetof("announced"));
}
function loadHeld(area) {
    return atomic.load(changetype(area), offsetof("held"));
}
function storeHeld(area, held) {
    atomic.store(changetype(area), held, offsetof("held"));
}
/** `blocks` and `bytes` as one word, of which sums and differences are those of its halves. */
function packHeld(blocks, bytes) {
    return (blocks << 32) | bytes;
}
function heldBlocks(held) {
    return (held >> 32);
}
function heldBytes(held) {
    return held;
}
function loadOrphaned(area) {
    return atomic.load(changetype(area), offsetof("orphaned"));
}
function storeOrphaned(area, orphaned) {
    atomic.store(changetype(area), orphaned, offsetof("orphaned"));
}
