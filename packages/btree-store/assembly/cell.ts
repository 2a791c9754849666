/*
 * Putting cells into pages: a cell that is about to be written is described by the words below, so that it can be
 * written to whichever page it belongs to after a split.
 */
import { copyBytes } from "@masstree/key/assembly";
import {
  BRANCH,
  cellAt,
  cellBytes,
  cellHead,
  commitOf,
  contentOf,
  countOf,
  IN_CHAIN,
  initialise,
  keyBytes,
  keyTail,
  keyWord,
  kindOf,
  LEAF,
  levelOf,
  linkOf,
  looseOf,
  numberOf,
  PAGE_HEAD,
  room,
  setContent,
  setCount,
  setLink,
  setLoose,
  slotAt,
  usedOf,
} from "./page";
import { boundAt } from "./scratch";
import { pageBytes } from "./words";

/** The cell to be written. */
let kind: u32 = 0;
let childPage: u32 = 0;
let keyWordToWrite: u32 = 0;
let keyTotal: u32 = 0;
let keyChain: u32 = 0;
let keyFrom: usize = 0;
let valueWordToWrite: u32 = 0;
let valueTotal: u32 = 0;
let valueChain: u32 = 0;
let valueFrom: usize = 0;

/** Describes the key of the cell to be written. `word` is as in a cell. */
export function describeKey(word: u32, total: u32, chain: u32, from: usize): void {
  keyWordToWrite = word;
  keyTotal = total;
  keyChain = chain;
  keyFrom = from;
}

/** The cell to be written belongs to a leaf, and has this value. */
export function describeValue(word: u32, total: u32, chain: u32, from: usize): void {
  kind = LEAF;
  valueWordToWrite = word;
  valueTotal = total;
  valueChain = chain;
  valueFrom = from;
}

/** The cell to be written belongs to a branch, and has this child. */
export function describeChild(page: u32): void {
  kind = BRANCH;
  childPage = page;
  valueWordToWrite = 0;
}

/** Describes the key of an existing cell, whose local bytes are copied to `to`. */
export function describeKeyOf(ofKind: u32, cell: usize, to: usize): void {
  const word = keyWord(ofKind, cell);
  const tail = keyTail(ofKind, cell);
  copyBytes(to, keyBytes(ofKind, cell), word & ~IN_CHAIN);
  if ((word & IN_CHAIN) === 0) describeKey(word, 0, 0, to);
  else describeKey(word, load<u32>(tail), load<u32>(tail, 4), to);
}

/** Bytes of the cell to be written. */
export function newCellBytes(): u32 {
  return (
    cellHead(kind) +
    ((keyWordToWrite & IN_CHAIN) >>> 12) +
    ((valueWordToWrite & IN_CHAIN) >>> 12) +
    (keyWordToWrite & ~IN_CHAIN) +
    (valueWordToWrite & ~IN_CHAIN)
  );
}

function writeCell(to: usize): void {
  let at = to;
  if (kind === LEAF) {
    store<u16>(at, <u16>keyWordToWrite);
    store<u16>(at, <u16>valueWordToWrite, 2);
    at += 4;
  } else {
    store<u32>(at, childPage);
    store<u16>(at, <u16>keyWordToWrite, 4);
    at += 6;
  }
  if ((keyWordToWrite & IN_CHAIN) !== 0) {
    store<u32>(at, keyTotal);
    store<u32>(at, keyChain, 4);
    at += 8;
  }
  if ((valueWordToWrite & IN_CHAIN) !== 0) {
    store<u32>(at, valueTotal);
    store<u32>(at, valueChain, 4);
    at += 8;
  }
  const keyLength = keyWordToWrite & ~IN_CHAIN;
  copyBytes(at, keyFrom, keyLength);
  copyBytes(at + keyLength, valueFrom, valueWordToWrite & ~IN_CHAIN);
}

/** Whether a cell of so many bytes fits in a page, perhaps after `compact`. */
export function fits(page: usize, bytes: u32): bool {
  return usedOf(page) + bytes + 2 <= room();
}

/** Makes room for a cell, which has to fit, in front of the cell at `index`. Returns where its bytes go. */
function open(page: usize, index: u32, bytes: u32): usize {
  const count = countOf(page);
  if (contentOf(page) < PAGE_HEAD + 2 * (count + 1) + bytes) compact(page);
  const content = contentOf(page) - bytes;
  const slot = slotAt(page, index);
  memory.copy(slot + 2, slot, (<usize>(count - index)) << 1);
  store<u16>(slot, <u16>content);
  setContent(page, content);
  setCount(page, count + 1);
  return page + content;
}

/** Inserts the described cell, which has to fit. */
export function insertCell(page: usize, index: u32): void {
  writeCell(open(page, index, newCellBytes()));
}

/** Appends a copy of a cell, which has to fit. */
export function appendCopy(page: usize, ofKind: u32, cell: usize): void {
  const bytes = cellBytes(ofKind, cell);
  copyBytes(open(page, countOf(page), bytes), cell, bytes);
}

/** Removes a cell. */
export function removeCell(page: usize, index: u32): void {
  const count = countOf(page);
  const cell = cellAt(page, index);
  const bytes = cellBytes(kindOf(page), cell);
  if (<u32>(cell - page) === contentOf(page)) setContent(page, contentOf(page) + bytes);
  else setLoose(page, looseOf(page) + bytes);
  const slot = slotAt(page, index);
  memory.copy(slot, slot + 2, (<usize>(count - index - 1)) << 1);
  setCount(page, count - 1);
}

/** Copies a page to the bound scratch, and makes it empty. Returns the copy. */
export function empty(page: usize): usize {
  const copy = boundAt();
  memory.copy(copy, page, pageBytes());
  initialise(page, numberOf(copy), commitOf(copy), kindOf(copy), levelOf(copy));
  setLink(page, linkOf(copy));
  return copy;
}

/** Closes the gaps between a page's cells. */
function compact(page: usize): void {
  const copy = empty(page);
  const ofKind = kindOf(copy);
  const count = countOf(copy);
  for (let i: u32 = 0; i < count; i++) appendCopy(page, ofKind, cellAt(copy, i));
}

/**
 * Appends to a page a part of the series of cells that another page has with the described cell in front of its cell at
 * `index`.
 *
 * @param from the first cell of the part, counted in the series
 * @param to where the part ends, exclusive
 */
export function appendSeries(page: usize, source: usize, index: u32, from: u32, to: u32): void {
  const ofKind = kindOf(source);
  for (let i = from; i < to; i++) {
    if (i === index) insertCell(page, countOf(page));
    else appendCopy(page, ofKind, cellAt(source, i < index ? i : i - 1));
  }
}

/** Bytes, with its slot, of a cell of such a series. */
export function seriesBytes(source: usize, index: u32, i: u32): u32 {
  if (i === index) return newCellBytes() + 2;
  return cellBytes(kindOf(source), cellAt(source, i < index ? i : i - 1)) + 2;
}
