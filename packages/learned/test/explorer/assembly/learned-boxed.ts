/*
 * The index with values in boxes as the explorer runs it: the shipped module's exports, those that the explorer needs
 * besides (rare.ts), and what JavaScript does itself, or in several calls (masstree's calls.ts).
 */
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
import { beginLoad, joinKeys, scan } from "../../../assembly/common";
import { putLoaded } from "./rare";

export * from "../../../assembly/boxed";
export * from "./rare";

/** As `bulkLoad` does: loads `count` sorted entries of the result scratch. Returns LOADED or what was in the way. */
export function loadAll(count: u32): u32 {
  beginLoad();
  return putLoaded(appendMany(count));
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
