/*
 * The index with values in boxes as the explorer runs it: the shipped module's exports, those that the explorer needs of
 * any structure, and what JavaScript does itself, or in several calls (masstree's calls.ts).
 */
import { LOADED } from "@masstree/tree/assembly/load";
import {
  buryAs,
  buryAtLastAs,
  recoverAsVisitorOf,
} from "@masstree/tree/test/explorer/assembly/deaths";
import * as calls from "masstree/test/explorer/assembly/calls";
import {
  appendMany,
  copyIn,
  copyOut,
  getBox,
  remove,
  removeEqual,
  setBox,
} from "../../../assembly/boxed";
import { LearnedClient } from "../../../assembly/client";
import {
  attach,
  beginLoad,
  detach,
  endLoad,
  finishLoad,
  joinKeys,
  scan,
} from "../../../assembly/common";

export { mark } from "@masstree/tree/test/explorer/assembly/deaths";
export * from "@masstree/tree/test/explorer/assembly/memory";
export * from "../../../assembly/boxed";

/** Leaves the map, and joins it again. */
export function cycle(): u32 {
  detach();
  return attach(1, 0, 0);
}

/** See deaths.ts of the tree. */
export function bury(): u32 {
  return buryAs<LearnedClient>();
}

/** See deaths.ts of the tree. */
export function buryAtLast(): void {
  buryAtLastAs<LearnedClient>();
}

/** See deaths.ts of the tree. */
export function recoverAsVisitor(): void {
  recoverAsVisitorOf<LearnedClient>();
}

/** As `bulkLoad` does: loads `count` sorted entries of the result scratch. Returns LOADED or what was in the way. */
export function loadAll(count: u32): u32 {
  beginLoad();
  const status = appendMany(count);
  if (status === LOADED) return finishLoad();
  endLoad();
  return status;
}

@unmanaged
class Index {
  getBox(keyLength: u32): usize {
    return getBox(keyLength);
  }
  setBox(keyLength: u32, box: usize, condition: u32): u32 {
    return setBox(keyLength, box, condition);
  }
  copyOut(keyLength: u32): i32 {
    return copyOut(keyLength);
  }
  copyIn(keyLength: u32, length: u32, condition: u32): u32 {
    return copyIn(keyLength, length, condition);
  }
  remove(keyLength: u32): u32 {
    return remove(keyLength);
  }
  removeEqual(keyLength: u32): u32 {
    return removeEqual(keyLength);
  }
  scan(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
    return scan(startLength, endLength, flags, limit);
  }
  joinKeys(count: u32): u32 {
    return joinKeys(count);
  }
}

export function readBox(keyLength: u32): i32 {
  return calls.readBox<Index>(keyLength);
}

export function fillBox(keyLength: u32, length: u32, condition: u32): u32 {
  return calls.fillBox<Index>(keyLength, length, condition);
}

export function scanBoxes(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  return calls.scanBoxes<Index>(startLength, endLength, flags, limit);
}

export function scanLongBox(startLength: u32, endLength: u32, flags: u32): u32 {
  return calls.scanLongBox<Index>(startLength, endLength, flags);
}

export function swapIn(keyLength: u32, length: u32, condition: u32): i32 {
  return calls.swapIn<Index>(keyLength, length, condition);
}

export function swapBox(keyLength: u32, length: u32, condition: u32): i32 {
  return calls.swapBox<Index>(keyLength, length, condition);
}

export function takeOut(keyLength: u32): i32 {
  return calls.takeOut<Index>(keyLength);
}

export function compareIn(keyLength: u32, expectedLength: u32, length: u32): u32 {
  return calls.compareIn<Index>(keyLength, expectedLength, length);
}

export function compareOut(keyLength: u32, expectedLength: u32): u32 {
  return calls.compareOut<Index>(keyLength, expectedLength);
}
