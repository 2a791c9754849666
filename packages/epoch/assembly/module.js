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
exports.verifyEpochs = exports.tryAdvance = exports.retiredBytes = exports.retiredBlocks = exports.pinnedSince = exports.pin = exports.globalEpoch = exports.epochsBehind = exports.unregister = exports.register = void 0;
exports.epochsPlace = epochsPlace;
exports.unpin = unpin;
exports.retire = retire;
exports.collect = collect;
exports.drain = drain;
exports.leave = leave;
/*
 * The module that the JavaScript wrapper instantiates. With CUSTOM=1 a block is freed by the import
 * `host.reclaim`, else by @masstree/memory in the same module.
 */
var host_1 = require("./host");
var epoch = require("./index");
var CustomFree = function () {
    var _classDecorators = [unmanaged];
    var _classDescriptor;
    var _classExtraInitializers = [];
    var _classThis;
    var CustomFree = _classThis = /** @class */ (function () {
        function CustomFree_1() {
        }
        CustomFree_1.prototype.free = function (participant, block, bytes) {
            (0, host_1.reclaim)(participant, block, bytes);
        };
        return CustomFree_1;
    }());
    __setFunctionName(_classThis, "CustomFree");
    (function () {
        var _metadata = typeof Symbol === "function" && Symbol.metadata ? Object.create(null) : void 0;
        __esDecorate(null, _classDescriptor = { value: _classThis }, _classDecorators, { kind: "class", name: _classThis.name, metadata: _metadata }, null, _classExtraInitializers);
        CustomFree = _classThis = _classDescriptor.value;
        if (_metadata) Object.defineProperty(_classThis, Symbol.metadata, { enumerable: true, configurable: true, writable: true, value: _metadata });
        __runInitializers(_classThis, _classExtraInitializers);
    })();
    return CustomFree = _classThis;
}();
var assembly_1 = require("@masstree/memory/assembly");
Object.defineProperty(exports, "register", { enumerable: true, get: function () { return assembly_1.register; } });
Object.defineProperty(exports, "unregister", { enumerable: true, get: function () { return assembly_1.unregister; } });
var index_1 = require("./index");
Object.defineProperty(exports, "epochsBehind", { enumerable: true, get: function () { return index_1.epochsBehind; } });
Object.defineProperty(exports, "globalEpoch", { enumerable: true, get: function () { return index_1.globalEpoch; } });
Object.defineProperty(exports, "pin", { enumerable: true, get: function () { return index_1.pin; } });
Object.defineProperty(exports, "pinnedSince", { enumerable: true, get: function () { return index_1.pinnedSince; } });
Object.defineProperty(exports, "retiredBlocks", { enumerable: true, get: function () { return index_1.retiredBlocks; } });
Object.defineProperty(exports, "retiredBytes", { enumerable: true, get: function () { return index_1.retiredBytes; } });
Object.defineProperty(exports, "tryAdvance", { enumerable: true, get: function () { return index_1.tryAdvance; } });
Object.defineProperty(exports, "verifyEpochs", { enumerable: true, get: function () { return index_1.verifyEpochs; } });
function epochsPlace() {
    return epoch.epochsPlace;
}
function unpin(participant) {
    if (CUSTOM)
        epoch.unpin(participant);
    else
        epoch.unpin(participant);
}
function retire(participant, block, bytes) {
    if (CUSTOM)
        epoch.retire(participant, block, bytes);
    else
        epoch.retire(participant, block, bytes);
}
function collect(participant) {
    if (CUSTOM)
        epoch.collect(participant);
    else
        epoch.collect(participant);
}
function drain(participant) {
    return CUSTOM ? epoch.drain(participant) : epoch.drain(participant);
}
function leave(participant) {
    if (CUSTOM)
        epoch.leave(participant);
    else
        epoch.leave(participant);
}
