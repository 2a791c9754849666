/*
 * Keys of cells, wherever their bytes are, and chains of keys.
 */
import { compareBytes, copyBytes } from "@masstree/key/assembly";
import { FAULT_CORRUPT, FAULT_NONE, fault, note, SHORT_CHAIN } from "./fault";
import { fetch } from "./fetch";
import { numberIn } from "./frame";
import {
  CHAIN,
  contentOf,
  IN_CHAIN,
  initialise,
  keyBytes,
  keyTail,
  keyWord,
  kindOf,
  linkOf,
  PAGE_HEAD,
  room,
  setContent,
  setLink,
} from "./page";
import { freshPage } from "./transaction";
import { words } from "./words";

// A walk along a chain: the page where it is, how many pages of its run follow, and the first page of the next run.
let at: u32 = 0;
let ahead: u32 = 0;
let nextRun: u32 = 0;

/** The first page of a run; 0 after a fault. */
function enterRun(number: u32): usize {
  const page = fetch(number);
  if (fault() === FAULT_NONE && kindOf(page) === CHAIN && contentOf(page) !== 0) {
    at = number;
    ahead = contentOf(page) - 1;
    nextRun = linkOf(page);
    return page;
  }
  note(FAULT_CORRUPT, number, SHORT_CHAIN);
  return 0;
}

/** The page that follows; 0 after a fault. */
function follow(): usize {
  if (ahead === 0) return enterRun(nextRun);
  ahead--;
  at++;
  const page = fetch(at);
  if (fault() === FAULT_NONE && kindOf(page) === CHAIN) return page;
  note(FAULT_CORRUPT, at, SHORT_CHAIN);
  return 0;
}

/** Compares bytes with those of a chain. After a fault, the result has no meaning. */
function compareWithChain(key: usize, length: u32, chain: u32, total: u32): i32 {
  let from = key;
  let left = length;
  let have = total;
  let page = enterRun(chain);
  while (page !== 0) {
    const here = min(have, room());
    const shared = min(left, here);
    const order = compareBytes(from, shared, page + PAGE_HEAD, shared);
    if (order !== 0) return order;
    from += shared;
    left -= shared;
    have -= shared;
    if (left === 0 || have === 0) return i32(left !== 0) - i32(have !== 0);
    page = follow();
  }
  return 0;
}

/**
 * Compares a key with that of a cell: -1, 0 or 1. Linear in the bytes that they share.
 *
 * @param key address of the key's bytes
 * @param kind of the page that the cell is in
 */
export function compareKey(key: usize, length: u32, kind: u32, cell: usize): i32 {
  const word = keyWord(kind, cell);
  const bytes = keyBytes(kind, cell);
  if ((word & IN_CHAIN) === 0) return compareBytes(key, length, bytes, word);
  const local = word & ~IN_CHAIN;
  const order = compareBytes(key, min(length, local), bytes, local);
  if (length <= local) return order === 0 ? -1 : order;
  if (order !== 0) return order;
  const tail = keyTail(kind, cell);
  return compareWithChain(key + local, length - local, load<u32>(tail, 4), load<u32>(tail) - local);
}

/** Length of a cell's whole key. */
export function keyLength(kind: u32, cell: usize): u32 {
  const word = keyWord(kind, cell);
  return (word & IN_CHAIN) === 0 ? word : load<u32>(keyTail(kind, cell));
}

/** Copies a cell's whole key, of at most MAX_KEY_BYTES, and returns its length. */
export function gatherKey(kind: u32, cell: usize, to: usize): u32 {
  const word = keyWord(kind, cell);
  const local = word & ~IN_CHAIN;
  copyBytes(to, keyBytes(kind, cell), local);
  if ((word & IN_CHAIN) === 0) return local;
  const tail = keyTail(kind, cell);
  const total = load<u32>(tail);
  let target = to + local;
  let left = total - local;
  let page = enterRun(load<u32>(tail, 4));
  while (page !== 0) {
    const here = min(left, room());
    memory.copy(target, page + PAGE_HEAD, here);
    target += here;
    left -= here;
    if (left === 0) break;
    page = follow();
  }
  return total;
}

/** Whether a chain has a page from a number on. */
export function chainReaches(first: u32, number: u32): bool {
  for (let run = first; run !== 0; ) {
    const page = enterRun(run);
    if (page === 0) return false;
    if (run + contentOf(page) > number) return true;
    run = linkOf(page);
  }
  return false;
}

/** Writes bytes as a new chain of the transaction's. Returns its first page; 0 after a fault. */
export function makeChain(from: usize, length: u32): u32 {
  let first: u32 = 0;
  let previous: usize = 0;
  let source = from;
  let left = length;
  while (left > 0) {
    const page = freshPage();
    if (page === 0) return 0;
    const number = numberIn(page);
    initialise(page, number, words().commit, CHAIN, 0);
    setContent(page, 1);
    const here = min(left, room());
    memory.copy(page + PAGE_HEAD, source, here);
    memory.fill(page + PAGE_HEAD + here, 0, room() - here);
    if (previous === 0) first = number;
    else setLink(previous, number);
    previous = page;
    source += here;
    left -= here;
  }
  return first;
}
