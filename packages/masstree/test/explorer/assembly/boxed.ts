/*
 * The tree with values in boxes as the explorer runs it: the exports of the shipped module of `masstree`, what is
 * explored besides, and the ways in which JavaScript reads and fills boxes (calls.ts).
 */
import { joinKeys, scan } from "@masstree/tree/assembly/common";
import { copyIn, copyOut, getBox, remove, removeEqual, setBox } from "../../../assembly/index";
import * as calls from "./calls";

export * from "@masstree/tree/test/explorer/assembly/rare";
export * from "../../../assembly/index";

@unmanaged
class Tree {
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
  return calls.readBox<Tree>(keyLength);
}

export function fillBox(keyLength: u32, length: u32, condition: u32): u32 {
  return calls.fillBox<Tree>(keyLength, length, condition);
}

export function scanBoxes(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  return calls.scanBoxes<Tree>(startLength, endLength, flags, limit);
}

export function scanLongBox(startLength: u32, endLength: u32, flags: u32): u32 {
  return calls.scanLongBox<Tree>(startLength, endLength, flags);
}

export function swapIn(keyLength: u32, length: u32, condition: u32): i32 {
  return calls.swapIn<Tree>(keyLength, length, condition);
}

export function swapBox(keyLength: u32, length: u32, condition: u32): i32 {
  return calls.swapBox<Tree>(keyLength, length, condition);
}

export function takeOut(keyLength: u32): i32 {
  return calls.takeOut<Tree>(keyLength);
}

export function compareIn(keyLength: u32, expectedLength: u32, length: u32): u32 {
  return calls.compareIn<Tree>(keyLength, expectedLength, length);
}

export function compareOut(keyLength: u32, expectedLength: u32): u32 {
  return calls.compareOut<Tree>(keyLength, expectedLength);
}
